/** Fan-out by uWebSockets.js: its own publish/subscribe, which gathers what one turn of the loop sends. */
import uWS from '@trufflesuite/uws-js-unofficial';

const app = uWS.App();

app
  .ws('/*', {
    compression: uWS.DISABLED,
    upgrade(response, request, context) {
      response.upgrade(
        { posts: request.getUrl() === '/post' },
        request.getHeader('sec-websocket-key'),
        request.getHeader('sec-websocket-protocol'),
        request.getHeader('sec-websocket-extensions'),
        context,
      );
    },
    open(socket) {
      if (!socket.posts) socket.subscribe('room');
    },
    message(socket, message) {
      app.publish('room', message, false);
    },
  })
  .listen('127.0.0.1', Number(process.argv[2]), (listening) => {
    if (!listening) process.exit(1);
  });
