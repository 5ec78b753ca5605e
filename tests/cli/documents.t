#!/bin/bash
# Documents that show commands with their output show what the commands print.
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit
PATH=$top/build/host/bin:$PATH exec mk/doc-run docs/investigations.md
