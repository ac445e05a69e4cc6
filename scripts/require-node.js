// Old JavaScript on purpose: it must run on whatever Node the machine has, to say what is missing.
var floor = [24, 21, 0];
var parts = process.versions.node.split('.').map(Number);
var ok = true;
var i;
for (i = 0; i < 3; i++) {
  if (parts[i] !== floor[i]) {
    ok = parts[i] > floor[i];
    break;
  }
}
if (!ok) {
  console.error(
    'drawbridge needs Node ' +
      floor.join('.') +
      ' or newer and this is ' +
      process.versions.node +
      '. Run it through npm after "npm ci", which brings Node 24 along on Linux and macOS.',
  );
  process.exit(2);
}
