/* Load for the fan-out benchmark: subscribers over raw sockets and epoll, and one connection that posts.
 *
 *     load PORT LEAST  SUB_PATH SUB_READY SUB_HEADERS SUB_FIRST  POST_PATH POST_READY POST_HEADERS POST_FIRST TEMPLATE
 *
 * LEAST is the smallest payload that counts as a delivery: acks and heartbeats are shorter. READY frames are
 * awaited after the upgrade and after FIRST, which is a text frame to send, or empty. HEADERS are whole lines.
 * TEMPLATE is the text posted, its %08d replaced by a number. Client frames are masked with zeros, so masking
 * costs us nothing and the server what it always does.
 *
 * Commands on stdin, an answer in JSON on stdout for each:
 *     connect N            until there are N subscribers
 *     keep N               closing those beyond N
 *     post COUNT S MOST    COUNT posts in one write, again when all have reached all, for S seconds or MOST times
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_CONNECTIONS 30000
#define MOST_TIMES 100000
#define PATIENCE_MS 20000

typedef struct {
  int fd, have, subscriber;
  uint64_t left; /* bytes of the payload still to come */
  uint64_t length;
  unsigned char head[10], control[125];
} conn;

typedef struct { const char *path, *headers, *first; int ready; } role;

static conn subscribers[MOST_CONNECTIONS], poster = {.fd = -1};
static int connected, port, poll_fd;
static uint64_t least, deliveries, frames;
static unsigned posted;
static char buffer[1 << 18];

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
  printf("{\"error\": \"%s\"}\n", what);
  fflush(stdout);
  exit(1);
}

/* Pings are answered, or heartbeats would take us for dead. */
static void frame_over(conn *c) {
  int kind = c->head[0] & 15;
  if (kind == 8) {
    char why[64];
    snprintf(why, sizeof why, "the server closed a connection with %d", c->control[0] << 8 | c->control[1]);
    fail(why);
  }
  if (kind == 9) {
    unsigned char pong[131] = {0x8a, (unsigned char)(0x80 | c->length)};
    memcpy(pong + 6, c->control, c->length);
    if (write(c->fd, pong, 6 + c->length) < 0) fail("a connection broke");
  } else {
    frames++;
    if (c->subscriber && c->length >= least) deliveries++;
  }
  c->have = 0;
}

/* Counts whole frames; they may come in any pieces. */
static void count(conn *c, const unsigned char *data, size_t size) {
  while (size) {
    if (c->left) {
      size_t taken = size < c->left ? size : c->left;
      if (c->head[0] & 8) memcpy(c->control + c->length - c->left, data, taken); /* at most 125 */
      data += taken, size -= taken, c->left -= taken;
      if (!c->left) frame_over(c);
      continue;
    }
    c->head[c->have++] = *data++, size--;
    if (c->have < 2) continue;
    int length = c->head[1] & 127, whole = length < 126 ? 2 : length == 126 ? 4 : 10;
    if (c->have < whole) continue;
    c->length = length < 126 ? length : 0;
    for (int i = 2; i < whole; i++) c->length = c->length << 8 | c->head[i];
    c->left = c->length;
    if (c->head[0] & 8 && c->length > sizeof c->control) fail("a control frame is too long");
    if (!c->left) frame_over(c);
  }
}

static size_t text_frame(char *to, const char *text) {
  size_t length = strlen(text), at = 2;
  to[0] = (char)0x81;
  if (length < 126) {
    to[1] = (char)(0x80 | length);
  } else {
    to[1] = (char)(0x80 | 126), to[2] = (char)(length >> 8), to[3] = (char)length, at = 4;
  }
  memset(to + at, 0, 4);
  memcpy(to + at + 4, text, length);
  return at + 4 + length;
}

static void put(int fd, const char *data, size_t size) {
  while (size) {
    ssize_t sent = write(fd, data, size);
    if (sent < 0 && errno == EAGAIN) continue;
    if (sent <= 0) fail("a connection broke");
    data += sent, size -= sent;
  }
}

static void await_frames(conn *c, uint64_t until) {
  while (frames < until) {
    ssize_t got = read(c->fd, buffer, sizeof buffer);
    if (got <= 0) fail("a subscriber was not let in");
    count(c, (unsigned char *)buffer, got);
  }
}

static void open_conn(conn *c, const role *as) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int yes = 1, subscriber = c->subscriber;
  memset(c, 0, sizeof *c);
  c->subscriber = subscriber;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(c->fd, (struct sockaddr *)&to, sizeof to)) fail("a connection was refused");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  struct timeval patience = {.tv_sec = 10};
  setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  int size = snprintf(buffer, sizeof buffer,
                      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
                      as->path, port, as->headers);
  put(c->fd, buffer, size);
  size_t have = 0;
  char *end = NULL;
  while (!end) {
    ssize_t got = read(c->fd, buffer + have, sizeof buffer - have - 1);
    if (got <= 0) fail("a handshake was not answered");
    buffer[have += got] = 0;
    end = strstr(buffer, "\r\n\r\n");
  }
  if (strncmp(buffer, "HTTP/1.1 101", 12)) fail("a handshake was refused");
  uint64_t until = frames + as->ready;
  end += 4;
  count(c, (unsigned char *)end, buffer + have - end);
  if (*as->first) put(c->fd, buffer, text_frame(buffer, as->first));
  await_frames(c, until);
  fcntl(c->fd, F_SETFL, O_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, c->fd, &event);
}

static int take_in(int wait_ms) {
  static struct epoll_event events[1024];
  int ready = epoll_wait(poll_fd, events, 1024, wait_ms);
  for (int i = 0; i < ready; i++) {
    conn *c = events[i].data.ptr;
    ssize_t got = read(c->fd, buffer, sizeof buffer);
    if (got > 0) count(c, (unsigned char *)buffer, got);
    else if (got == 0 || errno != EAGAIN) fail("the server dropped a connection");
  }
  return ready;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void post(const char *template, int at_once, double seconds, int most) {
  static double took_s[MOST_TIMES];
  static char out[1 << 17], text[4096];
  int times = 0;
  double began = now_s(), ended = began;
  deliveries = 0;
  while (times < most && times < MOST_TIMES && (times == 0 || ended - began < seconds)) {
    size_t size = 0;
    for (int i = 0; i < at_once; i++) {
      snprintf(text, sizeof text, template, ++posted);
      size += text_frame(out + size, text);
    }
    uint64_t wanted = (uint64_t)(times + 1) * at_once * connected;
    double sent = now_s();
    put(poster.fd, out, size);
    while (deliveries < wanted) {
      /* It never sleeps: to wake it would be the server's work, 15 us a delivery on a virtual machine. */
      if (take_in(0)) continue;
      sched_yield();
      if (now_s() - sent > PATIENCE_MS / 1e3) {
        snprintf(text, sizeof text, "%llu of %llu deliveries came", (unsigned long long)deliveries,
                 (unsigned long long)wanted);
        fail(text);
      }
    }
    ended = now_s();
    took_s[times++] = ended - sent;
  }
  if (deliveries != (uint64_t)times * at_once * connected) fail("more was delivered than was posted");
  qsort(took_s, times, sizeof *took_s, ascending);
  printf("{\"times\": %d, \"deliveries\": %llu, \"s\": %.9f, \"p50_us\": %.3f, \"p99_us\": %.3f}\n", times,
         (unsigned long long)deliveries, ended - began, took_s[times / 2] * 1e6, took_s[times * 99 / 100] * 1e6);
}

int main(int argc, char **argv) {
  if (argc != 12) return 2;
  port = atoi(argv[1]), least = strtoull(argv[2], NULL, 10);
  role sub = {argv[3], argv[5], argv[6], atoi(argv[4])}, pub = {argv[7], argv[9], argv[10], atoi(argv[8])};
  char line[256];
  poll_fd = epoll_create1(0);
  open_conn(&poster, &pub);
  while (fgets(line, sizeof line, stdin)) {
    int count_ = 0, most = MOST_TIMES;
    double seconds = 0;
    if (sscanf(line, "connect %d", &count_) == 1 && count_ <= MOST_CONNECTIONS) {
      for (; connected < count_; connected++) {
        subscribers[connected].subscriber = 1;
        open_conn(&subscribers[connected], &sub);
        if (connected % 32 == 0) take_in(0); /* whoever pings the others meanwhile is answered */
      }
      printf("{\"connected\": %d}\n", connected);
    } else if (sscanf(line, "keep %d", &count_) == 1) {
      while (connected > count_) close(subscribers[--connected].fd);
      printf("{\"connected\": %d}\n", connected);
    } else if (sscanf(line, "post %d %lf %d", &count_, &seconds, &most) >= 2) {
      while (take_in(0)) {} /* what came meanwhile counts for nothing */
      post(argv[11], count_, seconds, most);
    } else {
      fail("unknown command");
    }
    fflush(stdout);
  }
  return 0;
}
