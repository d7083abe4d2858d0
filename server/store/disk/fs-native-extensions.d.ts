// The part of fs-native-extensions that the lock uses; the package has no types of its own.
declare module 'fs-native-extensions' {
  /**
   * Takes a lock of the kernel on the whole file, exclusive unless `shared`, which goes when the file is closed or the
   * process ends. False: somebody else has it.
   */
  export function tryLock(fd: number, options?: { readonly shared?: boolean }): boolean
}
