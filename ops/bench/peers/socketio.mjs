/** Fan-out by Node socket.io over WebSockets: a room. */
import { Server } from 'socket.io';

const io = new Server(Number(process.argv[2]), {
  transports: ['websocket'],
  perMessageDeflate: false,
  pingInterval: 600_000, // the load does not answer engine.io's own pings
});

io.on('connection', (socket) => {
  if (!('post' in socket.handshake.query)) socket.join('room');
  socket.on('post', (text) => io.to('room').emit('posted', text));
});
