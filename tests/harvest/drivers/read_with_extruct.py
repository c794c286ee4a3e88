"""Print as JSON what extruct finds in web pages: JSON-LD, microdata, RDFa, OpenGraph, microformats."""

import json
import sys
import urllib.request

import extruct

found = {}
for address in sys.argv[1:]:
    request = urllib.request.Request(address, headers={"Accept": "text/html"})
    with urllib.request.urlopen(request) as answer:
        found[address] = extruct.extract(answer.read(), base_url=answer.url)
json.dump(found, sys.stdout)
