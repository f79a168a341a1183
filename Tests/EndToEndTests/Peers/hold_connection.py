"""Asks twice over one TLS connection, the second time once a file is there.

    hold_connection.py PORT CA_FILE GO_FILE
"""

import http.client
import os
import ssl
import sys
import time


def main():
    port, authority, go = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    context = ssl.create_default_context(cafile=authority)
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=60)
    connection.connect()
    held = connection.sock
    for name in ("first", "second"):
        connection.request("GET", "/health/live")
        answer = connection.getresponse()
        answer.read()
        # A connection that was closed would have been opened again without a word.
        print(name, answer.status, connection.sock is held, flush=True)
        while not os.path.exists(go):
            time.sleep(0.02)


if __name__ == "__main__":
    main()
