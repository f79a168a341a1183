/// How the API is described (OpenAPI 3.1), for people and for programs that make clients of it.
enum OpenAPIDocument {
    static func text(version: String) -> String { template.replacing("@VERSION@", with: version) }

    private static let template = #"""
        {
          "openapi": "3.1.0",
          "info": {
            "title": "Linecheck collector",
            "version": "@VERSION@",
            "description": "Takes results of Linecheck's agents, and tells how the sites stand. Names are in \#
        snake case with a unit at their end; absent means absent. Errors are problem documents (RFC 9457)."
          },
          "paths": {
            "/v1/results": {
              "post": {
                "operationId": "deliver_results",
                "summary": "Delivers results of checks.",
                "tags": ["agents"],
                "description": "Each document is answered for itself, in the order of the batch, once it is \#
        durable: stored, duplicate (its site sent the id before) or refused, with the reason. It may be \#
        compressed (Content-Encoding: gzip). A token or a certificate writes for its own site alone. 413: send \#
        fewer documents at a time. 429 and 503: later, as Retry-After says.",
                "security": [{"site": []}, {"certificate": []}],
                "requestBody": {
                  "required": true,
                  "content": {
                    "application/json": {
                      "schema": {
                        "type": "object",
                        "required": ["results"],
                        "properties": {
                          "results": {
                            "type": "array",
                            "items": {},
                            "description": "Documents of linecheck.result/1, each held to its schema."
                          }
                        }
                      }
                    }
                  }
                },
                "responses": {
                  "200": {
                    "description": "What became of each document.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/lots"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/assessments": {
              "post": {
                "operationId": "deliver_assessments",
                "summary": "Delivers verdicts of assessments.",
                "tags": ["agents"],
                "description": "Each document is answered for itself, in the order of the batch, once it is \#
        durable: stored, duplicate (its site sent the id before) or refused, with the reason. It may be \#
        compressed (Content-Encoding: gzip). A token or a certificate writes for its own site alone. 413: send \#
        fewer documents at a time. 429 and 503: later, as Retry-After says.",
                "security": [{"site": []}, {"certificate": []}],
                "requestBody": {
                  "required": true,
                  "content": {
                    "application/json": {
                      "schema": {
                        "type": "object",
                        "required": ["assessments"],
                        "properties": {
                          "assessments": {
                            "type": "array",
                            "items": {},
                            "description": "Documents of linecheck.assessment/1, each held to its schema."
                          }
                        }
                      }
                    }
                  }
                },
                "responses": {
                  "200": {
                    "description": "What became of each document.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/lots"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/sites": {
              "get": {
                "operationId": "list_sites",
                "summary": "Sites that are not revoked, and how they stand.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [
                  {
                    "name": "q",
                    "in": "query",
                    "required": false,
                    "description": "Only sites with this in their name.",
                    "schema": {"$ref": "#/components/schemas/text"}
                  },
                  {
                    "name": "grade",
                    "in": "query",
                    "required": false,
                    "description": "Only sites that stand so.",
                    "schema": {"$ref": "#/components/schemas/status"}
                  },
                  {
                    "name": "sort",
                    "in": "query",
                    "required": false,
                    "description": "Worst first, by name, or longest unheard first.",
                    "schema": {"type": "string", "enum": ["grade", "name", "last_seen"], "default": "grade"}
                  },
                  {"$ref": "#/components/parameters/after"},
                  {"$ref": "#/components/parameters/limit"}
                ],
                "responses": {
                  "200": {
                    "description": "A page.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/sites"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/sites/{site}": {
              "get": {
                "operationId": "get_site",
                "summary": "One site.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [
                  {"$ref": "#/components/parameters/site"}
                ],
                "responses": {
                  "200": {
                    "description": "How it stands.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/site"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/sites/{site}/results": {
              "get": {
                "operationId": "list_results",
                "summary": "A site's results, the latest first.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [
                  {"$ref": "#/components/parameters/site"},
                  {"$ref": "#/components/parameters/from"},
                  {"$ref": "#/components/parameters/until"},
                  {"$ref": "#/components/parameters/grade"},
                  {"$ref": "#/components/parameters/trigger"},
                  {"$ref": "#/components/parameters/agent"},
                  {"$ref": "#/components/parameters/finding"},
                  {"$ref": "#/components/parameters/after"},
                  {"$ref": "#/components/parameters/limit"}
                ],
                "responses": {
                  "200": {
                    "description": "A page.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/results"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/sites/{site}/results/{id}": {
              "get": {
                "operationId": "get_result",
                "summary": "A result as the site sent it.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [
                  {"$ref": "#/components/parameters/site"},
                  {"$ref": "#/components/parameters/id"}
                ],
                "responses": {
                  "200": {
                    "description": "The document, linecheck.result/1.",
                    "content": {"application/json": {"schema": {"type": "object"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/sites/{site}/history": {
              "get": {
                "operationId": "get_history",
                "summary": "A site's figures and grades over time; the last week by hours where nothing else is \#
        asked for.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [
                  {"$ref": "#/components/parameters/site"},
                  {"$ref": "#/components/parameters/from"},
                  {"$ref": "#/components/parameters/until"},
                  {
                    "name": "resolution",
                    "in": "query",
                    "required": false,
                    "description": "Every check, or those of an hour or a day together.",
                    "schema": {"type": "string", "enum": ["raw", "hour", "day"], "default": "hour"}
                  },
                  {
                    "name": "endpoint",
                    "in": "query",
                    "required": false,
                    "description": "Only to this endpoint.",
                    "schema": {"$ref": "#/components/schemas/some_text"}
                  },
                  {
                    "name": "limit",
                    "in": "query",
                    "required": false,
                    "description": "How many at most.",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 10000}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "By endpoint and direction.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/history"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/sites/{site}/findings": {
              "get": {
                "operationId": "list_findings",
                "summary": "What the site's checks found, what the latest found first.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [
                  {"$ref": "#/components/parameters/site"},
                  {
                    "name": "since",
                    "in": "query",
                    "required": false,
                    "description": "How far back; 30 days where nothing is said.",
                    "schema": {"$ref": "#/components/schemas/time"}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "The findings.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/findings"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/sites/{site}/assessments": {
              "get": {
                "operationId": "list_assessments",
                "summary": "A site's assessments, the latest first.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [
                  {"$ref": "#/components/parameters/site"},
                  {"$ref": "#/components/parameters/limit"}
                ],
                "responses": {
                  "200": {
                    "description": "The assessments.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/assessments"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/sites/{site}/assessments/{id}": {
              "get": {
                "operationId": "get_assessment",
                "summary": "An assessment as the site sent it.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [
                  {"$ref": "#/components/parameters/site"},
                  {"$ref": "#/components/parameters/id"}
                ],
                "responses": {
                  "200": {
                    "description": "The document, linecheck.assessment/1.",
                    "content": {"application/json": {"schema": {"type": "object"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/export/results.json": {
              "get": {
                "operationId": "export_json",
                "summary": "All results that are asked for.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [
                  {"$ref": "#/components/parameters/only_site"},
                  {"$ref": "#/components/parameters/from"},
                  {"$ref": "#/components/parameters/until"},
                  {"$ref": "#/components/parameters/grade"},
                  {"$ref": "#/components/parameters/trigger"},
                  {"$ref": "#/components/parameters/agent"},
                  {"$ref": "#/components/parameters/finding"}
                ],
                "responses": {
                  "200": {
                    "description": "Streamed.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/results"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/export/results.csv": {
              "get": {
                "operationId": "export_csv",
                "summary": "All results that are asked for, a line for each endpoint and direction.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [
                  {"$ref": "#/components/parameters/only_site"},
                  {"$ref": "#/components/parameters/from"},
                  {"$ref": "#/components/parameters/until"},
                  {"$ref": "#/components/parameters/grade"},
                  {"$ref": "#/components/parameters/trigger"},
                  {"$ref": "#/components/parameters/agent"},
                  {"$ref": "#/components/parameters/finding"}
                ],
                "responses": {
                  "200": {
                    "description": "Streamed, RFC 4180.",
                    "content": {"text/csv": {"schema": {"type": "string"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/metrics": {
              "get": {
                "operationId": "metrics",
                "summary": "This process and the fleet, for Prometheus.",
                "tags": ["readers"],
                "security": [{"reader": []}, {"session": []}, {}],
                "parameters": [],
                "responses": {
                  "200": {
                    "description": "Text format 0.0.4.",
                    "content": {"text/plain": {"schema": {"type": "string"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/health/live": {
              "get": {
                "operationId": "live",
                "summary": "Whether the process answers.",
                "tags": ["operation"],
                "security": [],
                "responses": {
                  "200": {
                    "description": "It does.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/health"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/health/ready": {
              "get": {
                "operationId": "ready",
                "summary": "Whether it can take and show results.",
                "tags": ["operation"],
                "security": [],
                "responses": {
                  "200": {
                    "description": "It can.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/health"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            },
            "/v1/openapi.json": {
              "get": {
                "operationId": "openapi",
                "summary": "This document.",
                "tags": ["operation"],
                "security": [],
                "responses": {
                  "200": {
                    "description": "OpenAPI 3.1.",
                    "content": {"application/json": {"schema": {"type": "object"}}}
                  },
                  "default": {"$ref": "#/components/responses/problem"}
                }
              }
            }
          },
          "components": {
            "parameters": {
              "after": {
                "name": "after",
                "in": "query",
                "required": false,
                "description": "The cursor that the page before gave as next.",
                "schema": {"type": "string"}
              },
              "limit": {
                "name": "limit",
                "in": "query",
                "required": false,
                "description": "How many at most.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
              },
              "site": {
                "name": "site",
                "in": "path",
                "required": true,
                "description": "The site's name, percent-encoded.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 128}
              },
              "from": {
                "name": "from",
                "in": "query",
                "required": false,
                "description": "The first moment.",
                "schema": {"$ref": "#/components/schemas/time"}
              },
              "until": {
                "name": "until",
                "in": "query",
                "required": false,
                "description": "The moment after the last.",
                "schema": {"$ref": "#/components/schemas/time"}
              },
              "grade": {
                "name": "grade",
                "in": "query",
                "required": false,
                "description": "Only such; may stand several times.",
                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/grade"}},
                "style": "form",
                "explode": true
              },
              "trigger": {
                "name": "trigger",
                "in": "query",
                "required": false,
                "description": "Only such.",
                "schema": {"type": "string", "enum": ["manual", "schedule", "assessment"]}
              },
              "agent": {
                "name": "agent",
                "in": "query",
                "required": false,
                "description": "Only of this agent.",
                "schema": {"$ref": "#/components/schemas/some_text"}
              },
              "finding": {
                "name": "finding",
                "in": "query",
                "required": false,
                "description": "Only with this finding, by its code.",
                "schema": {"$ref": "#/components/schemas/some_text"}
              },
              "id": {
                "name": "id",
                "in": "path",
                "required": true,
                "description": "A document's id.",
                "schema": {
                  "type": "string",
                  "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
                }
              },
              "only_site": {
                "name": "site",
                "in": "query",
                "required": false,
                "description": "Only of this site.",
                "schema": {"$ref": "#/components/schemas/some_text"}
              }
            },
            "schemas": {
              "time": {
                "type": "string",
                "description": "RFC 3339, UTC.",
                "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])-([01][1-9]|2[0-8])T([01][0-9]|2[0-3])(:[0-5][0-9]){2\#
        }(\\.[0-9]{1,6})?Z$"
              },
              "text": {"type": "string", "maxLength": 200, "pattern": "^[^\\u0000]*$"},
              "some_text": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\u0000]+$"},
              "moment": {"type": "string", "format": "date-time", "description": "RFC 3339, UTC, microseconds."},
              "grade": {"type": "string", "enum": ["ready", "inconclusive", "at_risk", "not_ready"]},
              "status": {"type": "string", "enum": ["ready", "inconclusive", "at_risk", "not_ready", "silent"]},
              "problem": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                  "type": {"type": "string"},
                  "title": {"type": "string"},
                  "status": {"type": "integer"},
                  "detail": {"type": "string"}
                },
                "description": "RFC 9457."
              },
              "lots": {
                "type": "object",
                "required": ["results"],
                "properties": {
                  "results": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "required": ["id", "status"],
                      "properties": {
                        "id": {"type": "string", "description": "Empty where the document says none."},
                        "status": {"type": "string", "enum": ["stored", "duplicate", "refused"]},
                        "reason": {"type": "string"}
                      }
                    }
                  }
                }
              },
              "counts": {
                "type": "object",
                "required": ["ready", "inconclusive", "at_risk", "not_ready", "silent"],
                "properties": {
                  "ready": {"type": "integer", "minimum": 0},
                  "inconclusive": {"type": "integer", "minimum": 0},
                  "at_risk": {"type": "integer", "minimum": 0},
                  "not_ready": {"type": "integer", "minimum": 0},
                  "silent": {"type": "integer", "minimum": 0}
                }
              },
              "decider": {
                "type": "object",
                "required": ["kind"],
                "properties": {
                  "kind": {"type": "string", "enum": ["criterion", "finding"]},
                  "name": {"type": "string"},
                  "endpoint": {"type": "string"},
                  "port": {"type": "integer"},
                  "direction": {"type": "string"},
                  "value": {"type": "number"},
                  "unit": {"type": "string"},
                  "target": {"type": "number"},
                  "limit": {"type": "number"},
                  "statistic": {"type": "string"},
                  "code": {"type": "string"},
                  "summary": {"type": "string"}
                },
                "description": "What a grade is owed to."
              },
              "site": {
                "type": "object",
                "required": ["site", "status", "trend", "revoked"],
                "properties": {
                  "site": {"type": "string"},
                  "status": {"$ref": "#/components/schemas/status"},
                  "last_heard_at": {"$ref": "#/components/schemas/moment"},
                  "latest": {
                    "type": "object",
                    "required": ["id", "at", "grade", "agent", "version"],
                    "properties": {
                      "id": {"type": "string"},
                      "at": {"$ref": "#/components/schemas/moment"},
                      "grade": {"$ref": "#/components/schemas/grade"},
                      "decider": {"$ref": "#/components/schemas/decider"},
                      "agent": {"type": "string"},
                      "version": {"type": "string"}
                    }
                  },
                  "trend": {
                    "type": "array",
                    "minItems": 28,
                    "maxItems": 28,
                    "description": "The worst grade of each quarter of a day of the last week, the oldest \#
        first; null where there was no check.",
                    "items": {"type": ["string", "null"]}
                  },
                  "revoked": {"type": "boolean"}
                }
              },
              "sites": {
                "type": "object",
                "required": ["counts", "matching", "sites"],
                "properties": {
                  "counts": {"$ref": "#/components/schemas/counts"},
                  "matching": {"type": "integer", "minimum": 0},
                  "sites": {"type": "array", "items": {"$ref": "#/components/schemas/site"}},
                  "next": {"type": "string"}
                }
              },
              "figures": {
                "type": "object",
                "required": ["endpoint", "direction", "metrics"],
                "properties": {
                  "endpoint": {"type": "string"},
                  "direction": {"type": "string", "enum": ["forward", "reverse", "round_trip"]},
                  "metrics": {
                    "type": "object",
                    "additionalProperties": {
                      "type": "object",
                      "required": ["value", "low", "high"],
                      "properties": {"value": {"type": "number"}, "low": {"type": "number"}, "high": {"type": \#
        "number"}}
                    }
                  },
                  "offered": {"type": "integer", "minimum": 0},
                  "lost": {"type": "integer", "minimum": 0},
                  "dscp": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
                }
              },
              "result_row": {
                "type": "object",
                "required": [
                  "site",
                  "id",
                  "at",
                  "received_at",
                  "started_at",
                  "ended_at",
                  "agent",
                  "version",
                  "trigger",
                  "profile",
                  "grade",
                  "findings",
                  "figures"
                ],
                "properties": {
                  "site": {"type": "string"},
                  "id": {"type": "string"},
                  "at": {"$ref": "#/components/schemas/moment"},
                  "received_at": {"$ref": "#/components/schemas/moment"},
                  "started_at": {"$ref": "#/components/schemas/moment"},
                  "ended_at": {"$ref": "#/components/schemas/moment"},
                  "agent": {"type": "string"},
                  "version": {"type": "string"},
                  "trigger": {"type": "string"},
                  "schedule": {"type": "string"},
                  "profile": {"type": "string"},
                  "grade": {"$ref": "#/components/schemas/grade"},
                  "decider": {"$ref": "#/components/schemas/decider"},
                  "findings": {"type": "array", "items": {"type": "string"}},
                  "figures": {"type": "array", "items": {"$ref": "#/components/schemas/figures"}}
                }
              },
              "results": {
                "type": "object",
                "required": ["results"],
                "properties": {
                  "results": {"type": "array", "items": {"$ref": "#/components/schemas/result_row"}},
                  "next": {"type": "string"}
                }
              },
              "history": {
                "type": "object",
                "required": ["from", "until", "resolution", "series", "grades"],
                "properties": {
                  "from": {"$ref": "#/components/schemas/moment"},
                  "until": {"$ref": "#/components/schemas/moment"},
                  "resolution": {"type": "string"},
                  "series": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "required": ["endpoint", "direction", "points"],
                      "properties": {
                        "endpoint": {"type": "string"},
                        "direction": {"type": "string"},
                        "points": {
                          "type": "array",
                          "items": {
                            "type": "object",
                            "required": ["at", "checks", "metrics"],
                            "properties": {
                              "at": {"$ref": "#/components/schemas/moment"},
                              "checks": {"type": "integer", "minimum": 0},
                              "metrics": {
                                "type": "object",
                                "additionalProperties": {
                                  "type": "object",
                                  "required": ["min", "median", "max", "low", "high"],
                                  "properties": {
                                    "min": {"type": "number"},
                                    "median": {"type": "number"},
                                    "max": {"type": "number"},
                                    "low": {"type": "number"},
                                    "high": {"type": "number"}
                                  }
                                }
                              },
                              "offered": {"type": "integer", "minimum": 0},
                              "lost": {"type": "integer", "minimum": 0}
                            }
                          }
                        }
                      }
                    }
                  },
                  "grades": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "required": ["at", "ready", "inconclusive", "at_risk", "not_ready"],
                      "properties": {
                        "at": {"$ref": "#/components/schemas/moment"},
                        "ready": {"type": "integer", "minimum": 0},
                        "inconclusive": {"type": "integer", "minimum": 0},
                        "at_risk": {"type": "integer", "minimum": 0},
                        "not_ready": {"type": "integer", "minimum": 0}
                      }
                    }
                  }
                }
              },
              "findings": {
                "type": "object",
                "required": ["findings"],
                "properties": {
                  "findings": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "required": ["code", "current", "since", "latest_at", "latest_id", "results"],
                      "properties": {
                        "code": {"type": "string"},
                        "severity": {"type": "string"},
                        "current": {"type": "boolean"},
                        "since": {"$ref": "#/components/schemas/moment"},
                        "latest_at": {"$ref": "#/components/schemas/moment"},
                        "latest_id": {"type": "string"},
                        "results": {"type": "integer", "minimum": 0},
                        "summary": {"type": "string"},
                        "remedy": {"type": "string"}
                      }
                    }
                  }
                }
              },
              "assessments": {
                "type": "object",
                "required": ["assessments"],
                "properties": {
                  "assessments": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "required": ["id", "name", "verdict", "final", "from", "until", "received_at", "agent", \#
        "version"],
                      "properties": {
                        "id": {"type": "string"},
                        "name": {"type": "string"},
                        "verdict": {"type": "string", "enum": ["go", "no_go", "insufficient"]},
                        "final": {"type": "boolean"},
                        "from": {"$ref": "#/components/schemas/moment"},
                        "until": {"$ref": "#/components/schemas/moment"},
                        "received_at": {"$ref": "#/components/schemas/moment"},
                        "agent": {"type": "string"},
                        "version": {"type": "string"}
                      }
                    }
                  }
                }
              },
              "health": {
                "type": "object",
                "required": ["status"],
                "properties": {"status": {"type": "string", "const": "ok"}}
              }
            },
            "responses": {
              "problem": {
                "description": "Why not.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
              }
            },
            "securitySchemes": {
              "site": {
                "type": "http",
                "scheme": "bearer",
                "description": "A site's token: linecheck-collector site add NAME."
              },
              "certificate": {"type": "mutualTLS", "description": "A certificate that was bound to a site."},
              "reader": {
                "type": "http",
                "scheme": "bearer",
                "description": "A reader's token: linecheck-collector reader add NAME. Not needed on loopback \#
        while there is no reader."
              },
              "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "__Host-linecheck",
                "description": "What /login sets; named linecheck where the connection is not encrypted."
              }
            }
          }
        }
        """#
}
