"""`python -m tests.support.fake_world --port 9000`: run the fake until interrupted, for trials by hand."""

from __future__ import annotations

import argparse
import json
import threading

from tests.support.fake_world.world import GOOD_KEY, FakeWorld


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.support.fake_world")
    parser.add_argument("--port", type=int, default=0, help="of the site; 0 takes a free one")
    parser.add_argument("--add-mib", type=int, action="append", default=[], help="add a model of this many MiB")
    parser.add_argument("--bytes-per-second", type=int, default=None, help="limit for each storage connection")
    parser.add_argument("--login-required", action="store_true", help="refuse downloads without the key")
    options = parser.parse_args()
    with FakeWorld(port=options.port) as world:
        world.storage.bytes_per_second = options.bytes_per_second
        world.login_required = options.login_required
        for mib in options.add_mib:
            world.add_model(f"Big Model {mib}", type="Checkpoint", size_bytes=mib << 20)
        pages = {model.facts["name"]: world.page_url(model) for model in world.library.models.values()}
        hosts = ",".join(world.private_hosts)
        found = {**world.urls, "key": GOOD_KEY, "allowed_private_hosts": hosts, "pages": pages}
        print(json.dumps(found, indent=2), flush=True)
        wait = threading.Event()
        try:
            while not wait.wait(3600):
                pass
        except KeyboardInterrupt:
            return


main()
