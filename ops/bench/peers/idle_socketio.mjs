/** A conversation for each visitor, in memory: socket.io, a room each. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
const conversations = new Map();

server.on('connection', (socket) => {
  socket.on('hello', ({ token, after }) => {
    const known = conversations.get(token);
    const conversation = known ?? { token: `t${conversations.size + 1}`, entries: [] };
    if (!known) conversations.set(conversation.token, conversation);
    socket.join(conversation.token);
    socket.data.conversation = conversation;
    socket.emit('ready', { token: conversation.token, seq: conversation.entries.length, entries: conversation.entries.slice(after) });
  });
  socket.on('message', ({ client_id, text }) => {
    const { conversation } = socket.data;
    const entry = { seq: conversation.entries.length + 1, role: 'user', text, client_id, created_at: new Date().toISOString() };
    conversation.entries.push(entry);
    server.to(conversation.token).emit('posted', entry);
    socket.emit('ack', { client_id, seq: entry.seq });
  });
});
http.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
