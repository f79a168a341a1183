// What the Glibc module leaves out: declarations that need _GNU_SOURCE, and the macros and variadic functions that
// Swift cannot call. No logic lives here.
#ifndef LINECHECK_CLINUX_H
#define LINECHECK_CLINUX_H

// fd_set differs with _GNU_SOURCE, and Swift refuses a module in which it differs from the Glibc module's. So it is
// declared before the rest, without.
#include <sys/types.h>
#undef _FEATURES_H
#define _GNU_SOURCE 1
#include <features.h>

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/capability.h>
#include <linux/errqueue.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/fib_rules.h>
#include <linux/genetlink.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <linux/netlink.h>
#include <linux/nl80211.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <linux/xfrm.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static inline struct cmsghdr *_Nullable CLinux_cmsg_first(struct msghdr *_Nonnull message) {
    return CMSG_FIRSTHDR(message);
}

static inline struct cmsghdr *_Nullable CLinux_cmsg_next(struct msghdr *_Nonnull message,
                                                         struct cmsghdr *_Nonnull header) {
    return CMSG_NXTHDR(message, header);
}

static inline unsigned char *_Nonnull CLinux_cmsg_data(struct cmsghdr *_Nonnull header) {
    return CMSG_DATA(header);
}

static inline size_t CLinux_cmsg_space(size_t length) { return CMSG_SPACE(length); }
static inline size_t CLinux_cmsg_len(size_t length) { return CMSG_LEN(length); }

static inline struct sockaddr *_Nonnull CLinux_err_offender(struct sock_extended_err *_Nonnull error) {
    return SO_EE_OFFENDER(error);
}

static inline int CLinux_ioctl(int descriptor, unsigned long request, void *_Nonnull argument) {
    return ioctl(descriptor, request, argument);
}

static inline int CLinux_set_timer_slack(unsigned long nanoseconds) {
    return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

#endif
