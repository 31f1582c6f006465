"""The worker for those who start Huey's own consumer: `huey_consumer coalition.worker.queue`.

`coalition worker` does the same with our settings for it.
"""

from __future__ import annotations

from coalition.app import create_app
from coalition.jobs.schedule import queue_of

app = create_app()
queue = queue_of(app)
