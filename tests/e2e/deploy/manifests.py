#!/usr/bin/python3
"""Kubernetes manifests for those who check them.

    manifests.py types FILE...              a TypeScript module that has to compile
    manifests.py environment ROLE FILE...   a daemon's, from its Deployment and the ConfigMaps it names
    manifests.py compose ROLE FILE          a daemon's, from a file for Compose
"""

import json
import sys

import yaml

GROUPS = {"keda.sh/v1alpha1": "@kubernetes-models/keda/keda.sh/v1alpha1"}


def objects(paths):
    return [found for path in paths for found in yaml.safe_load_all(open(path)) if found]


def types(paths):
    for number, found in enumerate(objects(paths)):
        kind, version = found["kind"], found["apiVersion"]
        module = GROUPS.get(version, f"kubernetes-models/{version}")
        print(f'import type {{ I{kind} as Type{number} }} from "{module}";')
        print(f"export const object{number}: Type{number} = {json.dumps(found)};")


def environment(role, paths):
    found = objects(paths)
    settings = {one["metadata"]["name"]: one["data"] for one in found if one["kind"] == "ConfigMap"}
    pod = next(one for one in found if one["metadata"]["name"] == f"mp3convd-{role}" and one["kind"] == "Deployment")
    container = pod["spec"]["template"]["spec"]["containers"][0]
    values = {}
    for source in container["envFrom"]:
        values |= settings[source["configMapRef"]["name"]]
    values |= {one["name"]: one.get("value", "secret") for one in container["env"]}
    return values


def compose(role, path):
    return yaml.safe_load(open(path))["services"][role]["environment"]


def main():
    command, *arguments = sys.argv[1:]
    if command == "types":
        return types(arguments)
    values = compose(*arguments) if command == "compose" else environment(arguments[0], arguments[1:])
    for name, value in values.items():
        sys.stdout.write(f"{name}={value}\0")


main()
