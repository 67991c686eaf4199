#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes code from the contract: openapi.yaml and ws/*.json.

  generate.py header OUT       contract.h      operations, rights, messages
  generate.py source OUT       contract.c      route table, validators, the contract as JSON text
  generate.py typescript OUT   contract.ts     the client's types

A construct that the daemon's validator does not know is an error here, not a rule that silently does nothing.
"""

import json
import re
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
METHODS = ('get', 'post', 'put', 'patch', 'delete')
RIGHTS = ('anyone', 'bearer', 'authenticated', 'user', 'host', 'operator', 'admin')
JSON_BYTES = 64 * 1024
LIMITS = ('register', 'login', 'guest')
TYPES = {'object', 'array', 'string', 'integer', 'number', 'boolean', 'null'}
FORMATS = {'email': 'EMAIL', 'uuid': 'UUID', 'date-time': 'DATE_TIME', 'uri': 'URI'}
KEYWORDS = {'type', 'const', 'enum', 'properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems',
            'minLength', 'maxLength', 'minimum', 'maximum', 'format', 'pattern', 'description', 'default', 'title'}


class Contract:
    """The documents, with references followed across them."""

    def __init__(self):
        self.openapi = yaml.safe_load((HERE / 'openapi.yaml').read_text())
        self.drop_planned()
        self.families = {path.name: json.loads(path.read_text()) for path in sorted((HERE / 'ws').glob('*.json'))}

    def drop_planned(self):
        """Operations marked x-planned are agreed upon and not yet served."""
        paths = {path: {method: operation for method, operation in item.items() if not operation.get('x-planned')}
                 for path, item in self.openapi['paths'].items()}
        self.openapi['paths'] = {path: item for path, item in paths.items() if item}

    def follow(self, node, home):
        """The schema behind node, and the document it stands in."""
        while '$ref' in node:
            place, _, pointer = node['$ref'].partition('#')
            if place:
                home = 'openapi.yaml' if place.endswith('openapi.yaml') else place
            node = self.openapi if home == 'openapi.yaml' else self.families[home]
            for step in pointer.strip('/').split('/'):
                node = node[step]
        return node, home

    def routes(self):
        for path, item in self.openapi['paths'].items():
            for method in METHODS:
                if method in item:
                    yield method, path, item[method]

    def messages(self, side):
        for home, family in self.families.items():
            for name in family[f'x-{side}']:
                definitions = family['$defs']
                yield name, definitions.get(f'{side}:{name}', definitions.get(name)), home


def words(name):
    return re.sub(r'([a-z0-9])([A-Z])', r'\1_\2', name).replace('-', '_').replace(':', '_')


def message_bytes(node):
    """How long the text of a message may be: a description's line ends are two bytes longer in JSON."""
    return node.get('x-bytes', JSON_BYTES)


def macro(prefix, name):
    return f'GR_{prefix}_{words(name).upper()}'


def quote(text):
    """A C string literal, cut into lines so that compilers accept its length."""
    escaped = json.dumps(text, ensure_ascii=True)[1:-1]
    escaped = re.sub(r'\\u([0-9a-f]{4})', lambda m: '' .join(f'\\{b:03o}' for b in chr(int(m[1], 16)).encode()), escaped)
    return f'"{escaped}"'


class CSource:
    """Writes each schema once, what it refers to before it."""

    def __init__(self, contract):
        self.contract = contract
        self.lines = []
        self.names = {}

    def schema(self, node, home, hint):
        """The name of the table for node; emits it where it is not there yet."""
        if '$ref' in node:
            hint = node['$ref'].rsplit('/', 1)[1]
        node, home = self.contract.follow(node, home)
        key = home + json.dumps(node, sort_keys=True)
        if key in self.names:
            return self.names[key]

        unknown = {word for word in node if not word.startswith('x-')} - KEYWORDS
        if unknown:
            raise SystemExit(f'{hint}: the validator does not know {sorted(unknown)}')

        fields = self.fields(node, home, hint)
        name = 'schema_' + words(hint).lower()
        taken = set(self.names.values())
        while name in taken:
            name += '_'
        self.names[key] = name
        body = ', '.join(f'.{field} = {value}' for field, value in fields.items())
        self.lines.append(f'static const GrSchema {name} = {{ {body} }};')
        return name

    def fields(self, node, home, hint):
        kinds = node.get('type', 'string' if 'const' in node else None)
        kinds = kinds if isinstance(kinds, list) else [kinds]
        kind = next(k for k in kinds if k != 'null')
        if kind not in TYPES:
            raise SystemExit(f'{hint}: no type')

        fields = {'type': f'GR_SCHEMA_{kind.upper()}'}
        if 'null' in kinds:
            fields['nullable'] = 'TRUE'
        for bound in ('minimum', 'maximum'):
            if bound in node:
                fields[f'has_{bound}'], fields[bound] = 'TRUE', node[bound]
        for rule, field in (('minLength', 'min_length'), ('maxLength', 'max_length'),
                            ('minItems', 'min_items'), ('maxItems', 'max_items')):
            if rule in node:
                fields[field] = node[rule]
        if 'format' in node:
            fields['format'] = f'GR_SCHEMA_FORMAT_{FORMATS[node["format"]]}'
        if 'pattern' in node:
            fields['pattern'] = quote(node['pattern'])
        choices = node.get('enum', [node['const']] if 'const' in node else [])
        if kind == 'string' and choices:
            fields['enumeration'] = self.table('const char *const', f'choices_{words(hint).lower()}',
                                               [quote(choice) for choice in choices] + ['NULL'])
        if kind == 'object':
            required = node.get('required', [])
            rows = [f'{{ {quote(name)}, &{self.schema(child, home, hint + "_" + name)}, '
                    f'{"TRUE" if name in required else "FALSE"} }}'
                    for name, child in node.get('properties', {}).items()]
            if rows:
                fields['properties'] = self.table('const GrProperty', f'properties_{words(hint).lower()}',
                                                  rows + ['{ NULL, NULL, FALSE }'])
            if node.get('additionalProperties') is False:
                fields['closed'] = 'TRUE'
        if kind == 'array':
            fields['items'] = '&' + self.schema(node['items'], home, hint + '_item')
        return fields

    def table(self, kind, name, rows):
        taken = [line.split('[')[0].rsplit(' ', 1)[-1] for line in self.lines]
        while name in taken:
            name += '_'
        self.lines.append(f'static {kind} {name}[] = {{ {", ".join(rows)} }};')
        return name

    def body(self, operation, home):
        """What the operation reads: its media type, at most how many bytes, and the validator where this is JSON."""
        if 'requestBody' not in operation:
            return 'NULL', 0, 'NULL'
        request, _ = self.contract.follow(operation['requestBody'], home)
        (media_type, content), = request['content'].items()
        if media_type == 'application/json':
            name = operation['operationId'] + '_body'
            return quote(media_type), JSON_BYTES, '&' + self.schema(content['schema'], home, name)
        return quote(media_type), operation.get('x-body-bytes') or content['schema']['maxLength'], 'NULL'

    def route(self, method, path, operation):
        name = operation['operationId']
        may, limit = operation['x-may'], operation.get('x-limit')
        if may not in RIGHTS or limit not in (None, *LIMITS):
            raise SystemExit(f'{name}: unknown x-may or x-limit')

        home = 'openapi.yaml'
        media_type, body_limit, body = self.body(operation, home)
        parameters = {'path': [], 'query': []}
        for parameter in operation.get('parameters', []):
            parameter, _ = self.contract.follow(parameter, home)
            schema = self.schema(parameter['schema'], home, parameter['name'] + '_parameter')
            parameters[parameter['in']].append(f'{{ {quote(parameter["name"])}, &{schema}, FALSE }}')
        tables = {place: self.table('const GrProperty', f'{place}_{words(name).lower()}', rows + ['{ NULL, NULL, FALSE }'])
                  if rows else 'NULL' for place, rows in parameters.items()}
        return (f'  [{macro("OP", name)}] = {{ {macro("OP", name)}, "{name}", "{method.upper()}", {quote(path)}, {macro("MAY", may)}, '
                f'{macro("LIMIT", limit or "general")}, {media_type}, {body_limit}, {operation.get("x-body-seconds", 0)}, {body}, {tables["path"]}, {tables["query"]} }},')


def write_header(contract):
    operations = [operation['operationId'] for _, _, operation in contract.routes()]
    out = ['/* Made by schemas/generate.py from openapi.yaml and ws/. The contract as tables. Any thread. */', '#pragma once',
           '#include "base/schema.h"', '', 'typedef enum', '{']
    out += [f'  {macro("OP", name)},' for name in operations] + ['  GR_N_OPERATIONS', '} GrOperation;', '']
    out += ['typedef enum', '{'] + [f'  {macro("MAY", right)},' for right in RIGHTS] + ['} GrMay;', '']
    out += ['typedef enum', '{'] + [f'  {macro("LIMIT", limit)},' for limit in ('general', *LIMITS)]
    out += ['  GR_N_LIMITS', '} GrLimit;', '']
    out += ['typedef enum', '{'] + [f'  {macro("CLIENT", name)},' for name, _, _ in contract.messages('client')]
    out += ['  GR_N_CLIENT_MESSAGES', '} GrClientMessage;', '']
    out += ['typedef struct', '{', '  GrOperation operation;', '  const char *name;   /* operationId */', '  const char *method;',
            '  const char *path;   /* with {parameters} */', '  GrMay may;', '  GrLimit limit;',
            '  const char *media_type;   /* of the body; NULL: none is read */',
            '  gsize body_limit;         /* bytes */',
            '  guint body_seconds;       /* that the body may take to come; 0: as long as any request */',
            '  const GrSchema *body;     /* of a JSON body; any other is read as it is */',
            '  const GrProperty *in_path;  /* NULL-terminated, or NULL */',
            '  const GrProperty *in_query; /* likewise */', '} GrContractRoute;', '',
            'typedef struct', '{', '  const char *type;', '  gsize limit; /* bytes */', '  const GrSchema *schema;', '} GrContractMessage;', '',
            '/* What any message may have, and the longest one. */', f'#define GR_CONTRACT_MESSAGE_BYTES {JSON_BYTES}',
            f'#define GR_CONTRACT_LONGEST_MESSAGE_BYTES {max(message_bytes(node) for _, node, _ in contract.messages("client"))}', '',
            'extern const GrContractRoute gr_contract_routes[GR_N_OPERATIONS];',
            'extern const GrContractMessage gr_contract_messages[GR_N_CLIENT_MESSAGES];',
            '', '/* The whole contract as JSON text, for /api/openapi.json. */',
            'extern const char gr_contract_openapi[];']
    return out


def write_source(contract):
    source = CSource(contract)
    routes = [source.route(*route) for route in contract.routes()]
    messages = [f'  [{macro("CLIENT", name)}] = {{ {quote(name)}, {message_bytes(node)}, &{source.schema(node, home, "client_" + name)} }},'
                for name, node, home in contract.messages('client')]
    text = json.dumps(contract.openapi, separators=(',', ':'))
    chunks = [quote(text[i:i + 1000]) for i in range(0, len(text), 1000)]
    return (['/* Made by schemas/generate.py from openapi.yaml and ws/. */', '#include "contract.h"', '']
            + source.lines
            + ['', 'const GrContractRoute gr_contract_routes[GR_N_OPERATIONS] = {'] + routes + ['};', '']
            + ['const GrContractMessage gr_contract_messages[GR_N_CLIENT_MESSAGES] = {'] + messages + ['};', '']
            + ['const char gr_contract_openapi[] ='] + ['  ' + chunk for chunk in chunks] + ['  ;'])


def pascal(name):
    return ''.join(part[:1].upper() + part[1:] for part in re.split(r'[-:]', name))


def typescript_type(contract, node, indent, known):
    if '$ref' in node:
        name = pascal(node['$ref'].rsplit('/', 1)[1])
        known.add(name)
        return name
    if 'const' in node:
        return json.dumps(node['const'])
    if 'enum' in node:
        return ' | '.join('true' if choice is True else json.dumps(choice) for choice in node['enum'])
    kinds = node['type'] if isinstance(node['type'], list) else [node['type']]
    return ' | '.join(typescript_kind(contract, kind, node, indent, known) for kind in kinds)


def typescript_kind(contract, kind, node, indent, known):
    if kind == 'array':
        inner = typescript_type(contract, node['items'], indent, known)
        return f'({inner})[]' if ' ' in inner else f'{inner}[]'
    if kind == 'object':
        return typescript_object(contract, node, indent, known) if 'properties' in node else 'Record<string, unknown>'
    return {'string': 'string', 'integer': 'number', 'number': 'number', 'boolean': 'boolean', 'null': 'null'}[kind]


def typescript_object(contract, node, indent, known):
    lines = ['{']
    for name, child in node.get('properties', {}).items():
        if child.get('description'):
            lines.append(f'{indent}  /** {child["description"]} */')
        optional = '' if name in node.get('required', []) else '?'
        lines.append(f'{indent}  {name}{optional}: {typescript_type(contract, child, indent + "  ", known)}')
    return '\n'.join(lines + [indent + '}'])


def write_typescript(contract):
    out = ['/* SPDX-License-Identifier: LGPL-2.1-or-later */',
           '/* Made by schemas/generate.py from openapi.yaml and ws/. Do not edit. */', '']
    known = set()

    def declare(name, node):
        text = typescript_type(contract, node, '', known)
        if node.get('description'):
            out.append(f'/** {node["description"]} */')
        out.append(f'export interface {name} {text}\n' if text.startswith('{') else f'export type {name} = {text}\n')

    for name, node in contract.openapi['components']['schemas'].items():
        declare(pascal(name), node)
    for home, family in contract.families.items():
        for name, node in family['$defs'].items():
            if name[0].isupper():
                declare(name, node)
    for side, suffix in (('client', 'Command'), ('server', 'Event')):
        union = []
        for name, node, _ in contract.messages(side):
            declare(pascal(name) + suffix, node)
            union.append(pascal(name) + suffix)
        out.append(f'export type {side.capitalize()}Message =\n' + '\n'.join(f'  | {name}' for name in union) + '\n')
    return out


def main():
    writers = {'header': write_header, 'source': write_source, 'typescript': write_typescript}
    if len(sys.argv) != 3 or sys.argv[1] not in writers:
        raise SystemExit(__doc__)
    Path(sys.argv[2]).write_text('\n'.join(writers[sys.argv[1]](Contract())).rstrip('\n') + '\n')


if __name__ == '__main__':
    main()
