// Reads Go files and features as Cucumber's extension for editors does, and prints as
// JSON the sentences that it finds, and the steps that not exactly one of them reads.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AstBuilder, GherkinClassicTokenMatcher, Parser, compile } from '@cucumber/gherkin'
import { IdGenerator } from '@cucumber/messages'
import { ExpressionBuilder } from '@cucumber/language-service'
import { WasmParserAdapter } from '@cucumber/language-service/wasm'

const files = process.argv.slice(2)
const read = (uri) => readFileSync(uri, 'utf8')

const grammars = fileURLToPath(new URL('node_modules/@cucumber/language-service/dist', import.meta.url))
const adapter = new WasmParserAdapter(grammars)
await adapter.init()
const sources = files.filter((f) => f.endsWith('.go')).map((uri) => ({ languageName: 'go', uri, content: read(uri) }))
const { expressionLinks, errors } = new ExpressionBuilder(adapter).build(sources, [])

const unread = []
for (const uri of files.filter((f) => f.endsWith('.feature'))) {
  const newId = IdGenerator.incrementing()
  const document = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(read(uri))
  for (const pickle of compile(document, uri, newId)) {
    for (const { text } of pickle.steps) {
      const readers = expressionLinks.filter(({ expression }) => expression.match(text))
      if (readers.length !== 1) unread.push({ uri, text, readers: readers.length })
    }
  }
}
const found = expressionLinks.map(({ expression }) => expression.source)
console.log(JSON.stringify({ found, unread, errors: errors.map(String) }))
