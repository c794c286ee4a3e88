// node build.mjs FOLDER SOURCE: bundle what pages load into FOLDER, under names with a hash, beside a manifest.
import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {build} from 'esbuild';
import {feature} from 'topojson-client';

const here = dirname(fileURLToPath(import.meta.url));
const [folder, source] = process.argv.slice(2);
const packages = join(here, 'node_modules');

async function editor() {
  const {outputFiles: [file], metafile} = await build({
    absWorkingDir: here,
    entryPoints: ['sparql-editor.mjs'],
    bundle: true, minify: true, format: 'esm', target: 'es2022', charset: 'utf8',
    legalComments: 'none', write: false, metafile: true,
    banner: {js: '/*! The licences of what is bundled here stand in THIRD-PARTY.txt beside it. */'},
  });
  const used = Object.keys(metafile.inputs).map(path => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  return {data: Buffer.from(file.contents), used: used.filter(Boolean)};
}

/** Rings of longitude and latitude, rounded to a tenth of a degree: enough for a picture of a region. */
function land() {
  const world = JSON.parse(readFileSync(join(packages, 'world-atlas/land-110m.json'), 'utf8'));
  const {features} = feature(world, world.objects.land);
  const polygons = features.flatMap(({geometry}) => (
    geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates]));
  const rings = polygons.flat().map(ring => ring
    .map(point => point.map(degrees => Math.round(degrees * 10) / 10))
    .filter((point, n, all) => n === 0 || point.join() !== all[n - 1].join()));
  return Buffer.from(JSON.stringify(rings.filter(ring => ring.length > 3)));
}

function licences(names) {
  const parts = [...new Set(names)].sort().map(name => {
    const own = join(packages, name);
    const {version, license} = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
    const file = readdirSync(own).find(entry => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} comes without the text of its licence`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(own, file), 'utf8').trim()}\n`;
  });
  return Buffer.from(parts.join(`\n${'-'.repeat(78)}\n\n`));
}

function keep(name, data) {
  const [stem, suffix] = name.split('.');
  const file = `${stem}-${createHash('sha256').update(data).digest('hex').slice(0, 12)}.${suffix}`;
  writeFileSync(join(folder, file), data);
  const integrity = `sha384-${createHash('sha384').update(data).digest('base64')}`;
  return [name, {file, integrity, bytes: data.length, gzip: gzipSync(data, {level: 9}).length}];
}

mkdirSync(folder, {recursive: true});
const {data, used} = await editor();
const files = Object.fromEntries([keep('sparql-editor.js', data), keep('land.json', land())]);
writeFileSync(join(folder, 'THIRD-PARTY.txt'), licences([...used, 'world-atlas']));
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify({source, files}, null, 1)}\n`);
