// The least that a reflector can do: answers every datagram with itself. What the benchmarks hold the reflector
// against.
//
//   echo ADDRESS PORT barest|stamped|transmit
//
// barest    recvmmsg and sendmmsg, nothing else
// stamped   also what every STAMP reflector needs of the kernel: receive timestamp, TOS, TTL and local address with
//           each request, local address and TOS with each reply, and epoll, since it serves several sockets
// transmit  also the transmit timestamp of each reply, which Follow-Up Telemetry asks for
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, LENGTH = 2048, CONTROL = 256 };

static struct mmsghdr messages[BATCH];
static struct iovec vectors[BATCH];
static struct sockaddr_in names[BATCH];
static char bytes[BATCH][LENGTH], control[BATCH][CONTROL];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void enable(int socket, int level, int option, int value) {
    if (setsockopt(socket, level, option, &value, sizeof value) != 0) die("setsockopt");
}

static void reset(int withControl) {
    for (int i = 0; i < BATCH; i++) {
        vectors[i] = (struct iovec){bytes[i], LENGTH};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &names[i], .msg_namelen = sizeof names[i], .msg_iov = &vectors[i], .msg_iovlen = 1,
            .msg_control = withControl ? control[i] : NULL, .msg_controllen = withControl ? CONTROL : 0};
    }
}

// Reads the control messages of a request and writes those of its reply in their place.
static void answerControl(struct msghdr *message, int transmit) {
    struct in_pktinfo info = {0};
    int tos = 0, ttl = 0;
    struct timespec received = {0};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING)
            memcpy(&received, CMSG_DATA(c), sizeof received);
        else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS) tos = *CMSG_DATA(c);
        else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) memcpy(&ttl, CMSG_DATA(c), sizeof ttl);
        else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
            memcpy(&info, CMSG_DATA(c), sizeof info);
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char *payload = message->msg_iov->iov_base;
    memcpy(payload + 4, &now.tv_nsec, 8);
    memcpy(payload + 16, &received.tv_nsec, 8);
    payload[40] = (char)ttl;

    struct cmsghdr *c = message->msg_control;
    size_t length = 0;
    info.ipi_spec_dst = info.ipi_addr;
    info.ipi_ifindex = 0;
    *c = (struct cmsghdr){CMSG_LEN(sizeof info), IPPROTO_IP, IP_PKTINFO};
    memcpy(CMSG_DATA(c), &info, sizeof info);
    length += CMSG_SPACE(sizeof info);
    c = (struct cmsghdr *)((char *)message->msg_control + length);
    *c = (struct cmsghdr){CMSG_LEN(sizeof tos), IPPROTO_IP, IP_TOS};
    memcpy(CMSG_DATA(c), &tos, sizeof tos);
    length += CMSG_SPACE(sizeof tos);
    if (transmit) {
        unsigned flags = SOF_TIMESTAMPING_TX_SOFTWARE;
        c = (struct cmsghdr *)((char *)message->msg_control + length);
        *c = (struct cmsghdr){CMSG_LEN(sizeof flags), SOL_SOCKET, SO_TIMESTAMPING};
        memcpy(CMSG_DATA(c), &flags, sizeof flags);
        length += CMSG_SPACE(sizeof flags);
    }
    message->msg_controllen = length;
}

static void reply(int socket, int count, int withControl, int transmit) {
    for (int i = 0; i < count; i++) {
        vectors[i].iov_len = messages[i].msg_len;
        if (withControl) answerControl(&messages[i].msg_hdr, transmit);
        messages[i].msg_hdr.msg_flags = 0;
    }
    for (int sent = 0; sent < count;) {
        int n = sendmmsg(socket, messages + sent, count - sent, MSG_DONTWAIT);
        sent += n > 0 ? n : 1;
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int withControl = strcmp(argv[3], "barest") != 0, transmit = strcmp(argv[3], "transmit") == 0;
    struct sched_param priority = {.sched_priority = 10};
    sched_setscheduler(0, SCHED_FIFO, &priority);
    int socket_ = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &address.sin_addr);
    enable(socket_, SOL_SOCKET, SO_RCVBUF, 4 << 20);
    if (withControl) {
        int flags = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE;
        if (transmit) flags |= SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
        enable(socket_, SOL_SOCKET, SO_TIMESTAMPING, flags);
        enable(socket_, IPPROTO_IP, IP_PKTINFO, 1);
        enable(socket_, IPPROTO_IP, IP_RECVTOS, 1);
        enable(socket_, IPPROTO_IP, IP_RECVTTL, 1);
    }
    if (bind(socket_, (struct sockaddr *)&address, sizeof address) != 0) die("bind");
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(epoll, EPOLL_CTL_ADD, socket_, &event);
    for (;;) {
        if (withControl && epoll_wait(epoll, &event, 1, -1) == 1 && event.events & EPOLLERR) {
            reset(1);
            recvmmsg(socket_, messages, BATCH, MSG_DONTWAIT | MSG_ERRQUEUE, NULL);
            if (!(event.events & EPOLLIN)) continue;
        }
        reset(withControl);
        int count = recvmmsg(socket_, messages, BATCH, withControl ? MSG_DONTWAIT : MSG_WAITFORONE, NULL);
        if (count > 0) reply(socket_, count, withControl, transmit);
    }
}
