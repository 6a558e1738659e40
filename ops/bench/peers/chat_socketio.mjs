/** The chat by Node socket.io over WebSockets: a room for a conversation, one insert a message. */
import { MongoClient } from 'mongodb';
import { Server } from 'socket.io';

const client = await MongoClient.connect(process.argv[3]);
const messages = client.db('chat').collection('messages', { writeConcern: { w: 'majority', journal: true } });
await messages.createIndex({ conversation_id: 1, created_at: 1 });

const io = new Server(Number(process.argv[2]), { transports: ['websocket'], perMessageDeflate: false });

io.on('connection', (socket) => {
  const { conversation } = socket.handshake.query;
  if (conversation) socket.join(conversation);
  socket.on('message.post', async (sent, ack) => {
    const message = {
      conversation_id: conversation,
      role: 'user',
      text: sent.text,
      client_id: sent.client_id,
      created_at: new Date(),
    };
    await messages.insertOne(message);
    ack({ client_id: sent.client_id, id: message._id });
    io.to(conversation).emit('message.posted', message);
  });
  socket.on('subscribe', (conversations, ack) => {
    socket.join(conversations);
    ack();
  });
});
