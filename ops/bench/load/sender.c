/* The least a server can do: answers handshakes, and for what arrives on /post sends a prebuilt frame to all others.
 *
 *     sender PORT SIZE
 *
 * It reads no request and builds no frame, so what the load takes from it is the load's own ceiling.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_CONNECTIONS 32768
#define MOST_AT_ONCE 64

enum { FREE, NEW, SUBSCRIBER, POSTER };

static char state[MOST_CONNECTIONS], frame[MOST_AT_ONCE * 4096], in[1 << 17];
static int top, size;

static void answer(int fd, ssize_t got) {
  static const char accept[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  in[got] = 0;
  state[fd] = strncmp(in, "GET /post", 9) ? SUBSCRIBER : POSTER;
  if (write(fd, accept, sizeof accept - 1) < 0) state[fd] = FREE;
}

/* Every post is one masked frame of a two-byte length. */
static int posts_in(ssize_t got) {
  int posts = 0;
  for (ssize_t at = 0; at + 4 <= got; posts++) {
    int length = in[at + 1] & 127;
    at += length == 126 ? 8 + ((unsigned char)in[at + 2] << 8 | (unsigned char)in[at + 3]) : 6 + length;
  }
  return posts > MOST_AT_ONCE ? MOST_AT_ONCE : posts;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int payload = atoi(argv[2]), yes = 1, listening = socket(AF_INET, SOCK_STREAM, 0), poll_fd = epoll_create1(0);
  size = payload + 4;
  for (int i = 0; i < MOST_AT_ONCE; i++) {
    char *one = frame + i * size;
    memset(one, 'x', size);
    one[0] = (char)0x81, one[1] = 126, one[2] = (char)(payload >> 8), one[3] = (char)payload;
  }
  setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listening, (struct sockaddr *)&at, sizeof at) || listen(listening, 1024)) return 1;
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listening}, events[256];
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, listening, &event);
  for (;;) {
    int ready = epoll_wait(poll_fd, events, 256, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listening) {
        fd = accept(listening, NULL, NULL);
        if (fd < 0 || fd >= MOST_CONNECTIONS) return 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        state[fd] = NEW;
        top = fd > top ? fd : top;
        event.data.fd = fd;
        epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
        continue;
      }
      ssize_t got = read(fd, in, sizeof in - 1);
      if (got <= 0) {
        state[fd] = FREE;
        close(fd);
      } else if (state[fd] == NEW) {
        answer(fd, got);
      } else if (state[fd] == POSTER) {
        int bytes = posts_in(got) * size;
        for (int to = 0; to <= top; to++)
          if (state[to] == SUBSCRIBER && write(to, frame, bytes) < bytes) return 1;
      }
    }
  }
}
