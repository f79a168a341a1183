// libpq, as the system's package libpq-dev installs it.
#include <libpq-fe.h>
