// http2_server.mjs - an HTTP/2 server over TLS that fails as its paths say, and counts.
//   node http2_server.mjs CERTIFICATE KEY
// Prints its port; then, for each request, its path; ends with its input.
import crypto from 'node:crypto'
import fs from 'node:fs'
import http2 from 'node:http2'

const { constants } = http2
const fail = {
  '/refused': stream => stream.close(constants.NGHTTP2_REFUSED_STREAM),
  '/http1': stream => stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED),
  '/internal': stream => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
  '/goaway': ({ session }) => { session.goaway(constants.NGHTTP2_NO_ERROR, 0); session.destroy() },
  '/gone': ({ session }) => session.destroy(),
}

function answer(stream) {
  const sha = crypto.createHash('sha256')
  stream.on('data', data => sha.update(data))
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'x-protocol': '2' })
    stream.end(sha.digest('hex'))
  })
}

const [, , certificate, key] = process.argv
const server = http2.createSecureServer({
  cert: fs.readFileSync(certificate),
  key: fs.readFileSync(key),
  allowHTTP1: true,
}, (request, response) => {
  if (request.httpVersionMajor === 1) {
    console.log(request.url)
    request.resume().on('end', () => response.end('1'))
  }
})
server.on('stream', (stream, headers) => {
  const path = headers[':path']
  console.log(path)
  stream.on('error', () => {})
  void (fail[path] ?? answer)(stream)
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit())
