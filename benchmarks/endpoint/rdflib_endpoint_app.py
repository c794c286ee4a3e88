"""rdflib-endpoint over a store folder; run by the Python of the peers' environment."""

import sys

import pyoxigraph
import uvicorn
from oxrdflib import OxigraphStore
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint

folder, port = sys.argv[1:]
graph = Dataset(store=OxigraphStore(store=pyoxigraph.Store.read_only(folder)), default_union=True)
uvicorn.run(SparqlEndpoint(graph=graph), host="127.0.0.1", port=int(port), log_level="warning")
