#ifndef LINECHECK_CIMPAIRMENTLINK_H
#define LINECHECK_CIMPAIRMENTLINK_H

// Only the plainest headers here: with _GNU_SOURCE some of glibc's types look different from what Swift's Glibc
// module shows, and the compiler refuses the pair.
#include <stddef.h>
#include <stdint.h>

/// What the kernel says of one received frame.
struct link_arrival {
    /// CLOCK_REALTIME at which the frame entered the stack; 0 when the kernel gave none.
    int64_t realtime_ns;
    /// The frame leaves by this interface rather than having come in.
    uint8_t is_outgoing;
    /// The sender left the checksum to hardware that a veth does not have: checksum offload is still on.
    uint8_t lacks_checksum;
};

/// Receives one frame without blocking. Returns its length on the wire (which may exceed `capacity`), or -1 with
/// errno set.
long link_receive_frame(int descriptor, void *buffer, size_t capacity, struct link_arrival *arrival);

/// A packet socket for every frame that enters `interface_index`, promiscuous, not for those that leave it, with
/// software receive timestamps. Returns the descriptor, or -1 with errno set.
int link_open_packet_socket(int interface_index);

/// How many frames the socket had to drop since this was last asked; -1 with errno set.
int64_t link_take_socket_drops(int descriptor);

/// A descriptor that becomes readable on SIGTERM or SIGINT, which are blocked from here on; -1 with errno set.
int link_open_termination_descriptor(void);

/// Sleeps until one of the three is readable, or until `timeout_ns` have passed (negative: for ever). Returns 1 when
/// `termination` is readable, 0 otherwise, -1 with errno set.
int link_wait(int site, int far, int termination, int64_t timeout_ns);

/// Lets timers fire to the nanosecond rather than 50 microseconds late. 0, or -1 with errno set.
int link_disable_timer_slack(void);

#endif
