// Sends one datagram over and over at a fixed rate from several source ports, numbered anew each time, and counts the
// answers.
//
//   load ADDRESS PORT RATE SECONDS BURST SOURCES SEQUENCE-OFFSET TEMPLATE [OPENING]
//
// BURST packets leave together every BURST/RATE seconds. OPENING is sent once by each source before; octets 4 to 11
// of its answer then stand in every packet (irtt's connection token).
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 64, LENGTH = 2048 };

static struct mmsghdr out[MOST], in[MOST];
static struct iovec outVectors[MOST], inVectors[MOST];
static unsigned char outBytes[MOST][LENGTH], inBytes[MOST][LENGTH];
static unsigned char template[LENGTH], opening[LENGTH], tokens[MOST][8];
static int sockets[MOST];

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static size_t readFile(const char *path, unsigned char *into) {
    FILE *file = fopen(path, "rb");
    if (!file) exit(2);
    size_t length = fread(into, 1, LENGTH, file);
    fclose(file);
    return length;
}

static long drain(int socket) {
    int n = recvmmsg(socket, in, MOST, MSG_DONTWAIT, NULL);
    return n > 0 ? n : 0;
}

int main(int argc, char **argv) {
    if (argc < 9) return 2;
    double rate = atof(argv[3]), seconds = atof(argv[4]);
    int burst = atoi(argv[5]), sources = atoi(argv[6]), sequenceOffset = atoi(argv[7]);
    if (burst > MOST || sources > MOST) return 2;
    size_t length = readFile(argv[8], template), openingLength = argc > 9 ? readFile(argv[9], opening) : 0;
    prctl(PR_SET_TIMERSLACK, 1);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &address.sin_addr);
    for (int i = 0; i < sources; i++) {
        sockets[i] = socket(AF_INET, SOCK_DGRAM, 0);
        int room = 1 << 20;
        setsockopt(sockets[i], SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        if (connect(sockets[i], (struct sockaddr *)&address, sizeof address) != 0) return 1;
        if (!openingLength) continue;
        struct pollfd wait = {.fd = sockets[i], .events = POLLIN};
        unsigned char answer[LENGTH];
        send(sockets[i], opening, openingLength, 0);
        if (poll(&wait, 1, 2000) != 1 || recv(sockets[i], answer, sizeof answer, 0) < 12) return 3;
        memcpy(tokens[i], answer + 4, 8);
    }
    for (int i = 0; i < MOST; i++) {
        outVectors[i] = (struct iovec){outBytes[i], length};
        inVectors[i] = (struct iovec){inBytes[i], LENGTH};
        out[i].msg_hdr = (struct msghdr){.msg_iov = &outVectors[i], .msg_iovlen = 1};
        in[i].msg_hdr = (struct msghdr){.msg_iov = &inVectors[i], .msg_iovlen = 1};
        memcpy(outBytes[i], template, length);
    }
    long sent = 0, received = 0, rounds = (long)(rate * seconds / burst);
    unsigned sequences[MOST] = {0};
    long long start = now() + 1000000, step = (long long)(burst * 1e9 / rate);
    for (long round = 0; round < rounds; round++) {
        long long at = start + round * step;
        int source = (int)(round % sources);
        received += drain(sockets[source]);
        while (now() < at) {
            if (at - now() < 60000) continue;
            struct timespec until = {.tv_sec = (at - 60000) / 1000000000, .tv_nsec = (at - 60000) % 1000000000};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        }
        for (int i = 0; i < burst; i++) {
            // irtt numbers with the least octet first, STAMP with the greatest: either way a fresh number.
            unsigned number = openingLength ? sequences[source]++ : htonl(sequences[source]++);
            memcpy(outBytes[i] + sequenceOffset, &number, 4);
            if (openingLength) memcpy(outBytes[i] + 4, tokens[source], 8);
        }
        int n = sendmmsg(sockets[source], out, burst, 0);
        sent += n > 0 ? n : 0;
    }
    double elapsed = (now() - start) / 1e9;
    usleep(200000);
    for (int i = 0; i < sources; i++)
        for (long n; (n = drain(sockets[i])) > 0;) received += n;
    printf("{\"sent\": %ld, \"received\": %ld, \"elapsed\": %.6f}\n", sent, received, elapsed);
}
