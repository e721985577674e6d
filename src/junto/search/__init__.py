"""The search engine: documents with facets and labels, over the database's own full-text index. It knows no domain.

Words: a *document* is what can be found; a *label* says who may find it; a *scope* is the place it belongs to.
"""
