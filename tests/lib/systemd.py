# SPDX-License-Identifier: LGPL-2.1-or-later
"""What systemd does for a service, for tests.

systemd.py hear PATH               receives sd_notify(3) datagrams at PATH and prints each on a line
systemd.py hold PORT COMMAND...    becomes COMMAND with a listening socket on PORT as its descriptor 3 (sd_listen_fds(3))
"""

import os
import socket
import sys


def hear(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(path)
        print("listening", flush=True)
        while True:
            print(heard.recv(4096).decode().replace("\n", " "), flush=True)


def hold(port, command):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", int(port)))
        held.listen(16)
        if held.fileno() != 3:
            os.dup2(held.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
        os.execvp(command[0], command)


if sys.argv[1] == "hear":
    hear(sys.argv[2])
else:
    hold(sys.argv[2], sys.argv[3:])
