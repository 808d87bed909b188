"""The hub as a process: `python -m bench.sync_serve PORT URL|FOLDER [paused]`; paused, the projector waits."""

import sys
from pathlib import Path

import uvicorn

from county.app import create_app
from county.hub import open_engine, open_hub


def main() -> None:
    """Serve as `county serve` does, until it is told to stop."""
    port, url, *words = sys.argv[1:]
    app = create_app(open_hub(open_engine(Path(url), url if "://" in url else None)))
    app.state.projector.pause(is_paused="paused" in words)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", server_header=False, date_header=False)


if __name__ == "__main__":
    main()
