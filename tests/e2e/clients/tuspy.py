"""Uploads FILE to SERVER with tuspy, and prints the upload's address.

    TOKEN=… tuspy.py SERVER FILE
"""
import os
import sys

from tusclient import client

server, path = sys.argv[1:]
mine = client.TusClient(f"{server}/v1/uploads", headers={"Authorization": f"Bearer {os.environ['TOKEN']}"})
uploader = mine.uploader(
    path, chunk_size=2 << 20, retries=5, retry_delay=0,
    metadata={"filename": os.path.basename(path), "preset": "voice"})
uploader.upload()
print(uploader.url)
