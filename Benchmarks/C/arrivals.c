// Notes when UDP datagrams to a port pass an interface, by the kernel's clock: a yardstick outside the programs that
// send them.
//
//   arrivals INTERFACE PORT SECONDS
//
// Writes one line for each: source port, payload octets, nanoseconds of CLOCK_REALTIME.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int port = atoi(argv[2]);
    time_t end = time(NULL) + atoi(argv[3]);
    int tap = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
    struct sched_param priority = {.sched_priority = 5};
    sched_setscheduler(0, SCHED_FIFO, &priority);
    int one = 1, room = 64 << 20;
    struct timeval wait = {.tv_usec = 200000};
    setsockopt(tap, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
    setsockopt(tap, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    setsockopt(tap, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = (int)if_nametoindex(argv[1])};
    if (tap < 0 || bind(tap, (struct sockaddr *)&address, sizeof address) != 0) return 1;
    while (time(NULL) < end) {
        unsigned char packet[128], control[128];
        struct sockaddr_ll from;
        struct iovec vector = {packet, sizeof packet};
        struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &vector, .msg_iovlen = 1,
                                 .msg_control = control, .msg_controllen = sizeof control};
        ssize_t length = recvmsg(tap, &message, 0);
        if (length < 28 || from.sll_pkttype != PACKET_HOST) continue;
        const struct iphdr *ip = (const struct iphdr *)packet;
        if (ip->protocol != IPPROTO_UDP || ip->ihl != 5) continue;
        const struct udphdr *udp = (const struct udphdr *)(packet + 20);
        struct cmsghdr *note = CMSG_FIRSTHDR(&message);
        if (ntohs(udp->dest) != port || !note || note->cmsg_type != SCM_TIMESTAMPNS) continue;
        struct timespec at;
        memcpy(&at, CMSG_DATA(note), sizeof at);
        printf("%d %d %lld\n", ntohs(udp->source), ntohs(udp->len) - 8, at.tv_sec * 1000000000LL + at.tv_nsec);
    }
    return 0;
}
