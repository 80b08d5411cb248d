"""A browser for unattended runs: follows the sign-in redirects in the background, as a person's browser would.

Used as `BROWSER="python3 browser.py %s"`; returns at once, for the program may wait for it.
"""
import os
import sys


def main():
    if os.fork():
        return
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)

    import urllib.request  # Takes longer than all the rest: only in the background.
    try:
        urllib.request.urlopen(sys.argv[1], timeout=20).read()
    except OSError:
        pass  # A refused sign-in ends with an error page; what the program makes of it is what counts.


if __name__ == "__main__":
    main()
