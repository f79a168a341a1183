#define _GNU_SOURCE 1

#include "CImpairmentLink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void read_control(struct msghdr *message, struct link_arrival *arrival) {
    for (struct cmsghdr *item = CMSG_FIRSTHDR(message); item != NULL; item = CMSG_NXTHDR(message, item)) {
        if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(item), sizeof stamp);
            arrival->realtime_ns = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
        } else if (item->cmsg_level == SOL_PACKET && item->cmsg_type == PACKET_AUXDATA) {
            struct tpacket_auxdata data;
            memcpy(&data, CMSG_DATA(item), sizeof data);
            arrival->lacks_checksum = (data.tp_status & TP_STATUS_CSUMNOTREADY) != 0;
        }
    }
}

long link_receive_frame(int descriptor, void *buffer, size_t capacity, struct link_arrival *arrival) {
    char control[256] __attribute__((aligned(8)));
    struct sockaddr_ll from;
    struct iovec part = {buffer, capacity};
    struct msghdr message = {
        .msg_name = &from,
        .msg_namelen = sizeof from,
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof control,
    };
    ssize_t length = recvmsg(descriptor, &message, MSG_DONTWAIT | MSG_TRUNC);
    if (length < 0) return length;
    memset(arrival, 0, sizeof *arrival);
    arrival->is_outgoing = from.sll_pkttype == PACKET_OUTGOING;
    read_control(&message, arrival);
    return length;
}

static int enable(int descriptor, int level, int option, int value) {
    return setsockopt(descriptor, level, option, &value, sizeof value);
}

static int configure(int descriptor, int interface_index) {
    struct packet_mreq promiscuous = {.mr_ifindex = interface_index, .mr_type = PACKET_MR_PROMISC};
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET,
        .sll_protocol = htons(ETH_P_ALL),
        .sll_ifindex = interface_index,
    };
    if (enable(descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1) < 0) return -1;
    if (enable(descriptor, SOL_PACKET, PACKET_AUXDATA, 1) < 0) return -1;
    if (enable(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, 1) < 0) return -1;
    if (enable(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, 32 << 20) < 0) return -1;
    if (enable(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, 32 << 20) < 0) return -1;
    if (setsockopt(descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous) < 0) return -1;
    return bind(descriptor, (struct sockaddr *)&address, sizeof address);
}

int link_open_packet_socket(int interface_index) {
    // Protocol 0 receives nothing until bound, so that no frame of another interface slips in before.
    int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (configure(descriptor, interface_index) == 0) return descriptor;
    int reason = errno;
    close(descriptor);
    errno = reason;
    return -1;
}

int64_t link_take_socket_drops(int descriptor) {
    struct tpacket_stats statistics;
    socklen_t size = sizeof statistics;
    if (getsockopt(descriptor, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) < 0) return -1;
    return statistics.tp_drops;
}

int link_open_termination_descriptor(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) < 0) return -1;
    return signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
}

int link_wait(int site, int far, int termination, int64_t timeout_ns) {
    struct pollfd items[] = {
        {.fd = site, .events = POLLIN},
        {.fd = far, .events = POLLIN},
        {.fd = termination, .events = POLLIN},
    };
    struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    if (ppoll(items, 3, timeout_ns < 0 ? NULL : &timeout, NULL) < 0) return errno == EINTR ? 0 : -1;
    return items[2].revents != 0;
}

int link_disable_timer_slack(void) { return prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0); }
