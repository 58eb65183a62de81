# SPDX-FileCopyrightText: Countersign contributors
# SPDX-License-Identifier: Apache-2.0
"""Waits for a hub's announcement, ends the hub, and waits for its goodbye: listen.py ADDRESS PID."""
import json
import os
import signal
import sys
import threading

from zeroconf import ServiceBrowser, Zeroconf

LIMIT_SECONDS = 60


class Listener:
    def __init__(self):
        self.found = threading.Event()
        self.gone = threading.Event()

    def add_service(self, zeroconf, kind, name):
        info = zeroconf.get_service_info(kind, name, timeout=10_000)
        if info is not None:
            print(json.dumps({
                "name": name,
                "server": info.server,
                "port": info.port,
                "addresses": info.parsed_addresses(),
                "text": {key.decode(): value.decode() for key, value in info.properties.items()},
            }), flush=True)
            self.found.set()

    def update_service(self, zeroconf, kind, name):
        pass

    def remove_service(self, zeroconf, kind, name):
        print(json.dumps({"gone": name}), flush=True)
        self.gone.set()


address, pid = sys.argv[1], int(sys.argv[2])
listener = Listener()
zeroconf = Zeroconf(interfaces=[address])
ServiceBrowser(zeroconf, "_countersign-hub._tcp.local.", listener)
if listener.found.wait(LIMIT_SECONDS):
    os.kill(pid, signal.SIGTERM)
    listener.gone.wait(LIMIT_SECONDS)
zeroconf.close()
