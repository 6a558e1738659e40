/** Fan-out by Node `ws`: a loop over the clients. */
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), perMessageDeflate: false });
const subscribers = new Set();

server.on('connection', (socket, request) => {
  if (request.url === '/post') {
    socket.on('message', (data) => {
      for (const subscriber of subscribers) subscriber.send(data, { binary: false });
    });
    return;
  }
  subscribers.add(socket);
  socket.on('close', () => subscribers.delete(socket));
});
