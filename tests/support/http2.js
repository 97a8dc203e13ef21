// An HTTP/2 server for tests/unit/test_http2.c: http2.js KEY CERT PORT_FILE. Ends with its standard input.
'use strict';
const fs = require('fs'), http2 = require('http2'), zlib = require('zlib');
const [key, cert, portFile] = process.argv.slice(2);
let sessions = 0;
const server = http2.createSecureServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert), allowHTTP1: true });
server.on('session', () => sessions++);
server.on('request', (request, response) => {
	const told = 'version ' + request.httpVersion + ' sessions ' + sessions;
	if (request.url === '/hop') {
		response.writeHead(301, { location: '/end' });
		response.end();
	} else if (request.url === '/gzip') {
		response.writeHead(200, { 'content-encoding': 'gzip' });
		response.end(zlib.gzipSync(told));
	} else if (request.url === '/cut') {
		response.writeHead(200, { 'content-encoding': 'gzip' });
		response.end(zlib.gzipSync(told.repeat(100)).subarray(0, 30));
	} else if (request.url === '/endless') {
		response.writeHead(200);
		const more = () => { while (!response.destroyed && response.write(Buffer.alloc(65536, 120))); };
		response.on('drain', more);
		more();
	} else if (request.url === '/reset') {
		response.writeHead(200, { 'content-length': 1000 });
		response.write('half');
		response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
	} else {
		response.writeHead(200, { 'x-answer': 'of ' + request.url });
		response.end(told);
	}
});
server.listen(0, '127.0.0.1', () => {
	fs.writeFileSync(portFile + '.new', String(server.address().port));
	fs.renameSync(portFile + '.new', portFile);
});
process.stdin.on('end', () => process.exit(0)).resume();
