/** No chat: acknowledges and delivers what comes, and keeps nothing. */
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: Number(process.argv[2]), perMessageDeflate: false });
const operators = new Set();

server.on('connection', (socket, request) => {
  if (request.url === '/operator') operators.add(socket);
  socket.on('message', (data) => {
    const { client_id, text } = JSON.parse(data);
    socket.send(JSON.stringify({ type: 'message.ack', client_id }));
    const posted = JSON.stringify({ type: 'message.posted', message: { client_id, text } });
    for (const operator of operators) operator.send(posted);
  });
});
