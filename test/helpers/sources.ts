// Reads source files as a compiler does: what each imports, which globals and numbers it uses, the comment it opens with,
// and its size.
// It knows nothing of the rules that architecture.test.ts holds them to.
import { readdirSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

export interface Source {
  /** Path from the root, with forward slashes. */
  readonly path: string
  /** Files (paths from the root) and packages (specifiers) that it imports, types and dynamic imports included. */
  readonly imports: string[]
  readonly globals: Global[]
  readonly numbers: NumberLiteral[]
  /** The text of the comment on top, without its marks; empty where there is none. */
  readonly opening: string
  readonly lines: number
  readonly classes: Class[]
}

export interface Class {
  /** Empty where it has none. */
  readonly name: string
  /** From its first line of code to its last, both included: the comment in front of it does not count. */
  readonly lines: number
}

export interface NumberLiteral {
  /** As it is written: `0x0a`. */
  readonly text: string
  /** Of the variables and properties whose initial value it is a part of, the outermost first. */
  readonly names: readonly string[]
}

export interface Global {
  readonly name: string
  /** Who declares it: the language, browsers, Node. */
  readonly from: ('language' | 'browser' | 'node')[]
}

const isSource = /\.(ts|tsx|js)$/

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => isSource.test(path) && !path.endsWith('.d.ts') && statSync(path).isFile())
}

/** Every source file below those folders of `root`; a folder that is missing is an error. */
export function readSources(root: string, folders: readonly string[]): Source[] {
  const files = folders.flatMap((folder) => filesBelow(join(root, folder)))
  const program = ts.createProgram(files, {
    allowImportingTsExtensions: true,
    allowJs: true,
    jsx: ts.JsxEmit.ReactJSX,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    typeRoots: [join(import.meta.dirname, '../../node_modules/@types')],
    types: ['node'],
  })
  const pathOf = (file: string) => relative(root, file).replaceAll('\\', '/')
  return files.sort().map((file) => {
    const source = program.getSourceFile(file)!
    const imports = importsOf(source).map((name) => (name.startsWith('.') ? pathOf(join(dirname(file), name)) : name))
    return {
      path: pathOf(file),
      imports,
      globals: globalsOf(source, program),
      numbers: numbersOf(source),
      opening: openingOf(source.text),
      lines: source.text.replace(/\n$/, '').split('\n').length,
      classes: classesOf(source),
    }
  })
}

function importsOf(source: ts.SourceFile): string[] {
  const names: string[] = []
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier && ts.isStringLiteralLike(specifier)) names.push(specifier.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return names
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0]
  return undefined
}

function globalsOf(source: ts.SourceFile, program: ts.Program): Global[] {
  const checker = program.getTypeChecker()
  const found = new Map<string, Global>()
  const resolve = (name: string, from?: ts.Node) =>
    checker.resolveName(name, from, ts.SymbolFlags.Value | ts.SymbolFlags.Type, false)
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !found.has(node.text) && !isMemberName(node)) {
      // A name that a scope around it declares or imports is no global. To look at scopes alone, and not at the types of
      // expressions, takes a tenth of the time.
      const symbol = resolve(node.text, isOfGlobalThis(node) ? undefined : node)
      if (symbol && symbol === resolve(node.text)) found.set(node.text, { name: node.text, from: declarers(symbol) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return [...found.values()]
}

function isOfGlobalThis({ parent }: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(parent) && parent.expression.getText() === 'globalThis'
}

/** Whether the identifier names a member of something, or what a module calls it, and so nothing in a scope. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node && !isOfGlobalThis(node)
  if (ts.isQualifiedName(parent)) return parent.right === node
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isBindingElement(parent)) {
    return parent.propertyName === node
  }
  if (ts.isShorthandPropertyAssignment(parent)) return false
  const isMember = ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isObjectLiteralElement(parent)
  const isLabel = ts.isNamedTupleMember(parent) || ts.isJsxAttribute(parent) || ts.isEnumMember(parent)
  return (isMember || isLabel) && parent.name === node
}

function declarers(symbol: ts.Symbol): Global['from'] {
  const files = (symbol.declarations ?? []).map((declaration) => declaration.getSourceFile().fileName)
  const from = files.map((file) => {
    if (/lib\.(dom|webworker)/.test(file)) return 'browser'
    return /\/lib\.[^/]*$/.test(file) ? 'language' : 'node'
  })
  return from.length === 0 ? ['language'] : [...new Set(from)] // `undefined` is declared nowhere.
}

function numbersOf(source: ts.SourceFile): NumberLiteral[] {
  const found: NumberLiteral[] = []
  const visit = (node: ts.Node, names: readonly string[]): void => {
    if (ts.isNumericLiteral(node)) found.push({ text: node.getText(source), names })
    const isNamed = ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)
    // What a function computes is no initial value.
    const inner = ts.isFunctionLike(node) ? [] : isNamed ? [...names, node.name.getText(source)] : names
    ts.forEachChild(node, (child) => visit(child, inner))
  }
  visit(source, [])
  return found
}

function classesOf(source: ts.SourceFile): Class[] {
  const classes: Class[] = []
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) {
      const lines = lineOf(node.getEnd()) - lineOf(node.getStart(source)) + 1
      classes.push({ name: node.name?.text ?? '', lines })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return classes
}

function openingOf(text: string): string {
  const comments = ts.getLeadingCommentRanges(text, 0) ?? []
  const lines = comments.flatMap(({ pos, end }) => text.slice(pos, end).split('\n'))
  return lines
    .map((line) => line.replace(/^\s*(\/\/|\/\*\*?|\*\/|\*)|\*\/$/g, '').trim())
    .join(' ')
    .trim()
}
