// node report.js DIR: checks DIR/{mixed,lost,hostile}.{html,json}, prints TAP.
'use strict';
const fs = require('fs');
const path = require('path');
const { Browser } = require('./browser.js');

const dir = process.argv[2];
let count = 0, failures = 0;

function ok(good, name, more) {
	count++;
	failures += good ? 0 : 1;
	console.log((good ? 'ok ' : 'not ok ') + count + ' - ' + name);
	if (!good && more !== undefined)
		console.log('# ' + String(typeof more === 'string' ? more : JSON.stringify(more)).replace(/\n/g, '\n# ').slice(0, 2000));
}

function is(got, wanted, name) {
	const a = JSON.stringify(got), b = JSON.stringify(wanted);
	ok(a === b, name, 'got:    ' + a + '\nwanted: ' + b);
}

const KEYS = { right: '\uE014', home: '\uE011', end: '\uE010', escape: '\uE00C' };

// What the page has in its tables, by subchannel and stage.
function readTables() {
	const cells = row => [...row.cells].map(c => c.dataset.v === undefined ? c.textContent : Number(c.dataset.v));
	const rows = id => [...document.querySelectorAll('#' + id + ' tbody tr')].map(r => [r.dataset.key, cells(r)]);
	return { traffic: rows('traffic'), latency: rows('latency'), errors: rows('errors').map(r => r[1]) };
}

// Pixels of each canvas that differ from its most frequent colour, and how many colours there are.
function readCanvases() {
	return [...document.querySelectorAll('.plot')].map(box => {
		const c = box.querySelector('canvas');
		const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, seen = new Map();
		for (let i = 0; i < d.length; i += 4) {
			const colour = d[i] << 24 | d[i + 1] << 16 | d[i + 2] << 8 | d[i + 3];
			seen.set(colour, (seen.get(colour) || 0) + 1);
		}
		const most = Math.max(...seen.values());
		return { label: box.getAttribute('aria-label'), drawn: d.length / 4 - most, colours: seen.size };
	});
}

function checkNumbers(tables, report, name) {
	const traffic = new Map(tables.traffic), latency = new Map(tables.latency);
	const wanted = {}, got = {};
	for (const s of report.subchannels) {
		const failed = Object.values(s.failed).reduce((a, b) => a + b, 0), row = traffic.get(s.subchannel);
		wanted[s.subchannel] = [s.ios, failed, s.missing, s.ccws, s.max_ccws, s.bytes, s.latency.total.p50_ns, s.latency.total.p99_ns, s.latency.total.max_ns];
		got[s.subchannel] = row && [row[1], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10]];
		for (const stage of ['translate', 'start', 'device', 'deliver', 'total']) {
			const l = s.latency[stage], cells = latency.get(s.subchannel + '/' + stage), key = s.subchannel + '/' + stage;
			wanted[key] = [l.ios, l.p50_ns, l.p90_ns, l.p99_ns, l.p999_ns, l.max_ns, l.sum_ns];
			got[key] = cells && cells.slice(2, 9);
		}
	}
	is(got, wanted, name + ': the tables have the numbers of ccwtrace');
	is(tables.traffic.length, report.subchannels.length + 1, name + ': and no other rows');
	is(tables.errors.map(e => e[1]), report.errors.map(e => e.ios), name + ': and its errors');
}

async function checkPage(b, name) {
	const report = JSON.parse(fs.readFileSync(path.join(dir, name + '.json'), 'utf8'));
	await b.log();
	await b.open(path.join(dir, name + '.html'));
	await new Promise(r => setTimeout(r, 300));
	is((await b.log()).map(l => l.message), [], name + ': nothing in the console');
	is(await b.run(() => performance.getEntriesByType('resource').map(e => e.name)), [], name + ': loads nothing');
	const canvases = await b.run(readCanvases);
	is(canvases.length, 7, name + ': seven plots');
	for (const c of canvases)
		ok(c.drawn > 2000 && c.colours > 4, name + ': drawn: ' + c.label, c);
	is(await b.run(() => document.documentElement.scrollWidth <= innerWidth), true, name + ': no wider than the window');
	checkNumbers(await b.run(readTables), report, name);
	const sums = await b.run(() => {
		const d = JSON.parse(document.getElementById('data').textContent), all = d.series[0], sum = a => a.reduce((x, y) => x + y, 0);
		return [sum(all.ios), sum(all.heat.map(cells => sum(cells.filter((v, i) => i % 2)))), sum(all.hist.total.count),
			sum(all.ccws.count), Math.max(...all.max.filter(v => v !== null)), d.slow[0][8]];
	});
	const ios = report.subchannels.reduce((n, s) => n + s.ios, 0), max = Math.max(...report.subchannels.map(s => s.latency.total.max_ns));
	is(sums, [ios, ios, ios, ios, max, max], name + ': every I/O is in each plot, and the slowest is the slowest');
	return report;
}

async function checkUse(b) {
	const tip = () => b.run(() => document.getElementById('tip').hidden ? '' : document.getElementById('tip').textContent);
	const whole = () => b.run(() => document.getElementById('unzoom').disabled);

	await b.run(() => document.querySelector('#plot-latency .plot').focus());
	await b.keys(KEYS.right, KEYS.right);
	const first = await tip();
	ok(/s to .* s\n\d+ I\/Os.*\nP50 /.test(first), 'keys: an arrow shows the numbers at the cursor', first);
	await b.keys(KEYS.end);
	const last = await tip();
	ok(last && last !== first, 'keys: End goes to the end', last);
	await b.keys('+');
	is(await whole(), false, 'keys: + shows a part');
	await b.keys(KEYS.escape);
	is(await whole(), true, 'keys: Esc shows the whole time');
	is(await tip(), '', 'keys: and hides the numbers');

	const box = await b.run(() => {
		const over = document.querySelector('#plot-latency .u-over');
		over.scrollIntoView({ block: 'center' });
		const r = over.getBoundingClientRect();
		return { x: r.left, y: r.top, w: r.width, h: r.height };
	});
	await b.mouse(box.x + box.w / 2, box.y + box.h / 2);
	ok(/I\/Os|CCWs/.test(await tip()), 'mouse: numbers where it points', await tip());
	await b.mouse(box.x + box.w / 4, box.y + box.h / 2, box.x + box.w / 2, box.y + box.h / 2);
	is(await whole(), false, 'mouse: drawing over a stretch of time shows that');
	const axes = () => b.run(readCanvases);
	const zoomed = await axes();
	await b.run(() => document.getElementById('unzoom').click());
	is(await whole(), true, 'button: the whole time again');
	ok(JSON.stringify(await axes()) !== JSON.stringify(zoomed), 'and the plots follow');

	is(await b.run(() => {
		const d = document.querySelector('#plot-latency details');
		d.open = true;
		return new Promise(r => setTimeout(() => r(d.querySelectorAll('tbody tr').length > 10), 200));
	}), true, 'a plot as a table');
	is(await b.run(() => {
		const s = document.getElementById('series');
		s.value = '1';
		s.dispatchEvent(new Event('change'));
		const text = document.querySelector('#cards b').textContent;
		return [text, s.selectedOptions[0].textContent.includes('(' + text + ')')];
	}), ['160', true], 'one subchannel instead of all');
	is(await b.run(() => {
		const th = [...document.querySelectorAll('#traffic thead th')].find(e => e.textContent === 'I/Os');
		th.querySelector('button').click();
		return [th.getAttribute('aria-sort'), document.querySelector('#traffic tbody td').dataset.v];
	}), ['descending', '344'], 'a table sorted by a column');
	is(await b.run(() => {
		const t = document.getElementById('theme'), colour = () => getComputedStyle(document.body).backgroundColor, was = [];
		for (const theme of ['light', 'dark']) {
			t.value = theme;
			t.dispatchEvent(new Event('change'));
			was.push(parseInt(colour().match(/\d+/)[0], 10) > 127);
		}
		return was;
	}), [true, false], 'light and dark');
	// what it says about reading pixels is meant for this test
	is((await b.log()).map(l => l.message).filter(m => !m.includes('willReadFrequently')), [], 'and nothing in the console after all that');
}

async function main() {
	let b = await Browser.start({ width: 1280, height: 1000 });
	try {
		await checkPage(b, 'mixed');
		is(await b.run(() => parseInt(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0], 10) > 127), true, 'light where the system is light');
		await checkUse(b);
		await checkPage(b, 'hostile');
		const name = '<img src=x onerror="document.title=1">&amp;--><script>\ufffd';
		is(await b.run(() => [document.title, document.querySelector('h1').textContent, document.images.length]),
			[name + ' - channel I/O', name, 0], 'hostile: the name is text');
	} finally {
		await b.end();
	}
	b = await Browser.start({ width: 520, height: 900, dark: true });
	try {
		const report = await checkPage(b, 'lost');
		is(await b.run(() => parseInt(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0], 10) < 64), true, 'dark where the system is dark');
		const said = await b.run(() => document.querySelector('.warning').textContent);
		ok(said.includes(report.lost.reduce((n, l) => n + l.events, 0) + ' events were lost'), 'lost: the page says so', said);
	} finally {
		await b.end();
	}
	console.log('1..' + count);
	process.exit(failures ? 1 : 0);
}

main().catch(e => {
	console.log('Bail out! ' + e.stack);
	process.exit(255);
});
