#ifndef CZLIB_H
#define CZLIB_H

// Debian's zlib as it is.
#include <zlib.h>

#endif
