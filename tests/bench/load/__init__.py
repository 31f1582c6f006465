"""What it takes to put a real server under load: visitors on keep-alive connections, servers whose processor time is
read from outside, a post office. Nothing here belongs to the product; `signing.py` says what is measured."""
