// libpcap, as the system's package libpcap-dev installs it.
#include <pcap/pcap.h>
