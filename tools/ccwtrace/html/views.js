// The plots themselves. `series` is what is chosen: all subchannels, or one.
const RESULTS = ['refused', 'condition code', 'aborted', 'channel check', 'unit check', 'unit exception', 'incorrect length'];
const RESULT_COLOURS = ['#8c510a', '#d8b365', '#7b6fb0', '#d6604d', '#b2182b', '#f4a582', '#5ab4ac'];
let series = data.series[0];
const width = data.width_ns / 1e9;
const times = Array.from({ length: data.columns }, (_, i) => (i + .5) * width);
// steps begin at the left edge of their column and the last one needs an end
const edges = Array.from({ length: data.columns + 1 }, (_, i) => i * width);
const closed = values => values.concat(values.length ? values[values.length - 1] : []);

function ioObject(row) {
	const o = {};
	data.io_fields.forEach((name, i) => { o[name] = row[i]; });
	return o;
}
const slow = data.slow.map(ioObject), failedIos = data.failed_ios.map(ioObject);
const chosen = ios => series === data.series[0] ? ios : ios.filter(o => o.subchannel === series.name);

function ioText(o) {
	const parts = data.stages.filter(s => o[s] != null).map(s => s + ' ' + fmtNs(o[s])).join(', ');
	return o.subchannel + ' #' + o.seq + '  ' + o.cmd + '\n' + fmtNs(o.total) + (parts ? ' = ' + parts : '') + '\n' +
		o.ccws + ' CCWs, ' + fmtBytes(o.bytes) + (o.error ? '\n' + o.error : '');
}

function wholeTime() {
	return { time: false, auto: false, min: 0, max: data.columns * width, range: (u, min, max) => [min, max] };
}

function timeAxis() {
	return Object.assign(axis((u, ticks) => ticks.map(v => Number(v.toPrecision(9)) + ''), 'seconds since the first I/O'), { size: 34 });
}

// Bounds of a logarithmic scale that holds all values, with a little room.
function logRange(values) {
	let min = Infinity, max = 0;
	for (const v of values) {
		if (v > 0 && v < min)
			min = v;
		if (v > max)
			max = v;
	}
	return max ? [Math.max(1, min / 1.3), max * 1.3] : [1, 1000];
}

// Where events were lost: a line through the plot.
function drawGaps(u) {
	if (!data.gaps.length)
		return;
	const c = u.ctx;
	c.save();
	c.strokeStyle = css('--bad');
	c.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
	c.lineWidth = devicePixelRatio;
	for (const gap of data.gaps) {
		const t = gap.t / 1e9;
		if (t < u.scales.x.min || t > u.scales.x.max)
			continue;
		const x = u.valToPos(t, 'x', true);
		c.beginPath();
		c.moveTo(x, u.bbox.top);
		c.lineTo(x, u.bbox.top + u.bbox.height);
		c.stroke();
	}
	c.restore();
}

function columnText(i) {
	return fmtTime(i * width, width) + ' to ' + fmtTime((i + 1) * width, width);
}

function failedIn(i) {
	let n = 0;
	for (const kind in series.failed)
		n += series.failed[kind][i];
	return n;
}

const latency = {
	id: 'latency', time: true, height: 300, label: 'Latency over time: P50, P99 and maximum of each stretch of time',
	hidden: {},
	options() {
		const lines = [['p50', 'P50'], ['p99', 'P99'], ['max', 'max']];
		const opts = {
			scales: { x: wholeTime(), y: { distr: 3, auto: false, range: () => logRange(series.p50.concat(series.max)) } },
			axes: [timeAxis(), Object.assign(logAxis('latency', fmtTick), { size: 74 })],
			series: [{}],
			hooks: { drawAxes: [u => this.points(u)], draw: [drawGaps] },
		};
		for (const [key] of lines) {
			opts.series.push({ stroke: css('--c-' + key), width: key === 'p50' ? 2 : 1.25, show: !this.hidden[key],
				spanGaps: data.columns < 120, points: { show: series.ios_all < 200, size: 4 } });
		}
		queueMicrotask(() => {
			for (const [key, name] of lines)
				legend(this, css('--c-' + key), name, !this.hidden[key], on => { this.hidden[key] = !on; draw(this); });
			legend(this, css('--c-max'), 'one slow I/O', !this.hidden.slow, on => { this.hidden.slow = !on; draw(this); })
				.style.borderRadius = '50%';
			legend(this, css('--bad'), 'one failed I/O', !this.hidden.failed, on => { this.hidden.failed = !on; draw(this); })
				.style.borderRadius = '50%';
			if (data.gaps.length)
				legend(this, css('--bad'), 'events lost here');
		});
		return opts;
	},
	data: () => [times, series.p50, series.p99, series.max],
	points(u) {
		const c = u.ctx, r = 2.2 * devicePixelRatio;
		this.shown = [];
		c.save();
		c.beginPath();
		c.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
		c.clip();
		for (const [ios, colour, off, size] of [[slow, '--c-max', this.hidden.slow, r], [failedIos, '--bad', this.hidden.failed, r * 1.5]]) {
			if (off)
				continue;
			c.fillStyle = css(colour);
			c.globalAlpha = .75;
			for (const o of chosen(ios)) {
				const t = o.t / 1e9;
				if (t < u.scales.x.min || t > u.scales.x.max)
					continue;
				const x = u.valToPos(t, 'x', true), y = u.valToPos(Math.max(1, o.total || 1), 'y', true);
				c.beginPath();
				c.arc(x, y, size, 0, 7);
				c.fill();
				this.shown.push([x / devicePixelRatio - u.over.offsetLeft, y / devicePixelRatio - u.over.offsetTop, o]);
			}
		}
		c.restore();
	},
	tip(i, left, top) {
		const near = this.shown && this.shown.filter(([x, y]) => Math.hypot(x - left, y - top) < 7)
			.sort((a, b) => Math.hypot(a[0] - left, a[1] - top) - Math.hypot(b[0] - left, b[1] - top))[0];
		if (near)
			return fmtTime(near[2].t / 1e9, width) + '\n' + ioText(near[2]);
		return columnText(i) + '\n' + fmtCount(series.ios[i]) + ' I/Os' + (failedIn(i) ? ', ' + failedIn(i) + ' failed' : '') +
			'\nP50 ' + fmtNs(series.p50[i]) + '  P99 ' + fmtNs(series.p99[i]) + '  max ' + fmtNs(series.max[i]);
	},
	table: () => [['From', 'I/Os', 'Failed', 'P50', 'P99', 'Max'], times.map((t, i) => i).filter(i => series.ios[i])
		.map(i => [fmtTime(i * width, width), series.ios[i], failedIn(i), fmtNs(series.p50[i]), fmtNs(series.p99[i]), fmtNs(series.max[i])])],
};

function mix(stops, f) {
	const at = f * (stops.length - 1), i = Math.min(stops.length - 2, Math.floor(at)), part = at - i;
	const rgb = s => [1, 3, 5].map(k => parseInt(s.slice(k, k + 2), 16));
	const a = rgb(stops[i]), b = rgb(stops[i + 1]);
	return 'rgb(' + a.map((v, k) => Math.round(v + (b[k] - v) * part)).join(',') + ')';
}

const heat = {
	id: 'heat', time: true, height: 280, label: 'Heat map: I/Os by time and latency',
	range() {
		const bounds = [];
		for (const cells of series.heat) {
			for (let k = 0; k < cells.length; k += 2)
				bounds.push(Math.max(1, bucketLow(cells[k] * 4)), bucketLow(cells[k] * 4 + 4));
		}
		return logRange(bounds);
	},
	options() {
		let most = 1;
		for (const cells of series.heat) {
			for (let k = 1; k < cells.length; k += 2)
				most = Math.max(most, cells[k]);
		}
		const stops = css('--heat').split(/\s+/);
		const shade = n => mix(stops, most > 1 ? .15 + .85 * Math.log(n) / Math.log(most) : 1);
		const range = this.range();
		queueMicrotask(() => {
			const mark = legend(this, 'linear-gradient(90deg,' + stops.map((s, i) => mix(stops, .15 + .85 * i / (stops.length - 1))).join(',') + ')', '1 to ' + fmtCount(most) + ' I/Os');
			mark.className = 'ramp';
		});
		return {
			scales: { x: wholeTime(), y: { distr: 3, auto: false, range: () => range } },
			axes: [timeAxis(), Object.assign(logAxis('latency', fmtTick), { size: 74 })],
			series: [{}, { stroke: 'transparent', points: { show: false } }],
			hooks: { draw: [u => {
				const c = u.ctx;
				c.save();
				c.beginPath();
				c.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
				c.clip();
				series.heat.forEach((cells, i) => {
					const left = Math.floor(u.valToPos(edges[i], 'x', true)), right = Math.ceil(u.valToPos(edges[i + 1], 'x', true));
					for (let k = 0; k < cells.length; k += 2) {
						const top = Math.floor(u.valToPos(bucketLow(cells[k] * 4 + 4), 'y', true));
						const bottom = Math.ceil(u.valToPos(Math.max(1, bucketLow(cells[k] * 4)), 'y', true));
						c.fillStyle = shade(cells[k + 1]);
						c.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
					}
				});
				c.restore();
				drawGaps(u);
			}] },
		};
	},
	data: () => [times, series.p50],
	tip(i, left, top) {
		const v = this.u.posToVal(top, 'y'), cells = series.heat[i];
		for (let k = 0; k < cells.length; k += 2) {
			const low = bucketLow(cells[k] * 4), high = bucketLow(cells[k] * 4 + 4);
			if (v >= low && v < high)
				return columnText(i) + '\n' + fmtCount(cells[k + 1]) + ' I/Os of ' + fmtNs(low) + ' to ' + fmtNs(high);
		}
		return columnText(i) + '\n' + fmtCount(series.ios[i]) + ' I/Os';
	},
	table() {
		const rows = [];
		series.heat.forEach((cells, i) => {
			for (let k = 0; k < cells.length && rows.length < 2000; k += 2)
				rows.push([fmtTime(i * width, width), fmtNs(bucketLow(cells[k] * 4)), fmtNs(bucketLow(cells[k] * 4 + 4)), cells[k + 1]]);
		});
		return [['From', 'At least', 'Below', 'I/Os'], rows];
	},
};

// Counts of a histogram over bounds; few I/Os get wider bars.
function bars(hist, step) {
	const x = [], y = [];
	if (!hist.bucket.length)
		return [[1, 2], [null, null]];
	const first = Math.floor(hist.bucket[0] / step), last = Math.floor(hist.bucket[hist.bucket.length - 1] / step);
	for (let b = first; b <= last + 1; b++) {
		x.push(Math.max(.7, bucketLow(b * step)));
		y.push(0);
	}
	hist.bucket.forEach((b, i) => { y[Math.floor(b / step) - first] += hist.count[i]; });
	return [x, y];
}

const histogram = {
	id: 'hist', time: false, height: 300, label: 'Distribution of latency: I/Os by latency', shown: { total: true },
	columns() {
		const step = series.ios_all < 3000 ? 4 : 2;
		const all = data.stages.concat('total').map(s => [s, bars(series.hist[s], step)]).filter(([s]) => series.hist[s].count_all);
		const x = [...new Set(all.flatMap(([, [xs]]) => xs))].sort((a, b) => a - b);
		return [x, all.map(([s, [xs, ys]]) => {
			const at = new Map(xs.map((v, i) => [v, ys[i]]));
			return [s, x.map(v => at.get(v) || 0)];
		})];
	},
	options() {
		const [x, all] = this.columns();
		queueMicrotask(() => {
			for (const [s] of all)
				legend(this, css('--c-' + s), s, !!this.shown[s], on => { this.shown[s] = on; draw(this); });
		});
		return {
			scales: { x: { time: false, distr: 3, range: () => x.length > 1 ? [x[0], x[x.length - 1]] : [1, 1000] },
				y: { range: (u, min, max) => [0, (max || 1) * 1.05] } },
			axes: [Object.assign(logAxis('latency', fmtTick), { size: 34 }), Object.assign(axis((u, t) => t.map(v => v % 1 ? '' : fmtRate(v)), 'I/Os'), { size: 60 })],
			series: [{}].concat(all.map(([s]) => ({ stroke: css('--c-' + s), fill: css('--c-' + s) + '40', width: 1.5,
				show: !!this.shown[s], paths: uPlot.paths.stepped({ align: 1 }), points: { show: false } }))),
		};
	},
	data() {
		const [x, all] = this.columns();
		return x.length ? [x, ...all.map(([, y]) => y)] : [[1, 1000], [0, 0]];
	},
	tip(i) {
		const [x, all] = this.columns();
		return (i + 1 < x.length ? fmtNs(x[i]) + ' to ' + fmtNs(x[i + 1]) : 'from ' + fmtNs(x[i])) + '\n' +
			all.filter(([s]) => this.shown[s]).map(([s, y]) => s + ': ' + fmtCount(y[i]) + ' I/Os').join('\n');
	},
	table() {
		const [x, all] = this.columns();
		return [['At least', ...all.map(([s]) => s)], x.map((v, i) => [fmtNs(v), ...all.map(([, y]) => y[i])])];
	},
};

// One on top of the other: the sums are drawn from the highest to the lowest.
function stacked(p, names, colours, values, axisLabel, format) {
	const sums = [];
	values.forEach((v, k) => sums.push(v.map((n, i) => n + (k ? sums[k - 1][i] : 0))));
	queueMicrotask(() => names.forEach((name, k) => legend(p, colours[k], name)));
	p.stack = [edges, ...sums.map(closed).reverse()];
	return {
		scales: { x: wholeTime(), y: { range: (u, min, max) => [0, (max || 1) * 1.05] } },
		axes: [timeAxis(), Object.assign(axis((u, t) => t.map(format), axisLabel), { size: 74 })],
		series: [{}].concat(sums.map((s, k) => k).reverse().map(k => ({ stroke: colours[k], fill: colours[k], width: 0,
			paths: uPlot.paths.stepped({ align: 1 }), points: { show: false } }))),
		hooks: { draw: [drawGaps] },
	};
}

const stages = {
	id: 'stages', time: true, height: 240, label: 'Stages over time: mean time of an I/O in each stage',
	means: () => data.stages.map(s => series.stage_sum[s].map((v, i) => series.ios[i] ? v / series.ios[i] : 0)),
	options() {
		const known = data.stages.map((s, k) => k).filter(k => series.have & 1 << k), means = this.means();
		return stacked(this, known.map(k => data.stages[k]), known.map(k => css('--c-' + data.stages[k])), known.map(k => means[k]), 'mean time', fmtTick);
	},
	data() { return this.stack.length > 1 ? this.stack : [edges, edges.map(() => null)]; },
	tip(i) {
		i = Math.min(i, data.columns - 1);
		return columnText(i) + '\n' + data.stages.filter((s, k) => series.have & 1 << k)
			.map(s => s + ' ' + fmtNs(series.ios[i] ? series.stage_sum[s][i] / series.ios[i] : null)).join('\n');
	},
	table() {
		const means = this.means();
		return [['From', ...data.stages], times.map((t, i) => i).filter(i => series.ios[i])
			.map(i => [fmtTime(i * width, width), ...means.map((m, k) => series.have & 1 << k ? fmtNs(m[i]) : 'unknown')])];
	},
};

const rate = {
	id: 'rate', time: true, height: 220, label: 'I/Os and errors over time',
	options() {
		const kinds = RESULTS.filter(r => series.failed[r]), per = v => v.map(n => n / width);
		const ok = series.ios.map((n, i) => n - failedIn(i));
		return stacked(this, [...kinds, 'ok'], [...kinds.map(k => RESULT_COLOURS[RESULTS.indexOf(k)]), css('--c-translate') + '90'],
			[...kinds.map(k => per(series.failed[k])), per(ok)], 'I/Os a second', fmtRate);
	},
	data() { return this.stack; },
	tip(i) {
		i = Math.min(i, data.columns - 1);
		return columnText(i) + '\n' + fmtRate(series.ios[i] / width) + ' I/Os/s (' + fmtCount(series.ios[i]) + '), ' + fmtBytes(series.bytes[i]) +
			RESULTS.filter(r => series.failed[r] && series.failed[r][i]).map(r => '\n' + r + ': ' + series.failed[r][i]).join('');
	},
	table() {
		const kinds = RESULTS.filter(r => series.failed[r]);
		return [['From', 'I/Os', 'Bytes', ...kinds], times.map((t, i) => i).filter(i => series.ios[i])
			.map(i => [fmtTime(i * width, width), series.ios[i], fmtBytes(series.bytes[i]), ...kinds.map(k => series.failed[k][i])])];
	},
};

// 5 to 1024 as they are, then 1k, 64k, 1M: bounds of classes are powers of two, or one more.
function power(n) {
	return n <= 1024 ? String(n) : n <= 2 ** 20 ? Math.floor(n / 1024) + 'k' : Math.floor(n / 2 ** 20) + 'M';
}

// Bars of 0, 1, 2, 3-4, 5-8 ...: [label, count]
function classes(hist) {
	const counts = [], label = i => i < 3 ? String(i) : power(2 ** (i - 2) + 1) + '\u2013' + power(2 ** (i - 1));
	hist.bucket.forEach((b, i) => {
		const v = bucketLow(b), k = v < 3 ? v : Math.ceil(Math.log2(v)) + 1;
		counts[k] = (counts[k] || 0) + hist.count[i];
	});
	const first = counts.findIndex(n => n);
	return Array.from({ length: Math.max(0, counts.length - first) }, (_, i) => [label(first + i), counts[first + i] || 0]);
}

function classPlot(id, key, label, unit) {
	return {
		id, time: false, height: 230, label,
		narrow(all) { return all.length * 58 > this.box.clientWidth - 70; },
		options() {
			const all = classes(series[key]);
			queueMicrotask(() => legend(this, css('--c-translate'), series[key].count_all ? 'mean ' + digits3(series[key].sum / series[key].count_all) +
				', largest ' + fmtCount(series[key].max) : 'nothing known'));
			return {
				scales: { x: { time: false, range: () => [-.6, Math.max(1, all.length) - .4] }, y: { range: (u, min, max) => [0, (max || 1) * 1.08] } },
				axes: [Object.assign(axis((u, t) => t.map(v => all[v] ? all[v][0] : ''), unit), { splits: () => all.map((_, i) => i), space: 1,
					rotate: this.narrow(all) ? -45 : 0, size: this.narrow(all) ? 62 : 34 }),
				Object.assign(axis((u, t) => t.map(v => v % 1 ? '' : fmtRate(v)), 'I/Os'), { size: 60 })],
				series: [{}, { stroke: css('--c-translate'), fill: css('--c-translate') + '90', width: 1, paths: uPlot.paths.bars({ size: [.8, 60] }), points: { show: false } }],
			};
		},
		data() {
			const all = classes(series[key]);
			return all.length ? [all.map((_, i) => i), all.map(([, n]) => n)] : [[0], [null]];
		},
		tip(i) {
			const all = classes(series[key]);
			return all[i] ? all[i][0] + ' ' + unit + '\n' + fmtCount(all[i][1]) + ' I/Os' : '';
		},
		table: () => [[unit, 'I/Os'], classes(series[key])],
	};
}

// Plain elements: read as well by a screen reader as drawn.
function split() {
	const section = document.getElementById('plot-split');
	let box = section.querySelector('.split');
	if (!box) {
		box = element('div', { class: 'split' });
		section.append(box, element('ul', { class: 'legend' }));
	}
	box.replaceChildren();
	for (const s of data.series) {
		const means = data.stages.map((st, k) => series && s.have & 1 << k && s.hist[st].count_all ? s.hist[st].sum / s.hist[st].count_all : null);
		const sum = means.reduce((a, b) => a + (b || 0), 0);
		const text = data.stages.map((st, k) => st + ' ' + (means[k] == null ? 'unknown' : fmtNs(means[k]) + ' (' + (sum ? 100 * means[k] / sum : 0).toFixed(1) + '%)')).join(', ');
		const bar = element('div', { class: 'bar', role: 'img', 'aria-label': s.name + ': ' + text, title: text.replace(/, /g, '\n') });
		data.stages.forEach((st, k) => {
			const part = element('span', {});
			part.style.flex = (sum ? (means[k] || 0) / sum : 0) + ' 0 0px';
			part.style.background = css('--c-' + st);
			bar.append(part);
		});
		box.append(element('span', { class: s.name === 'all' ? 'all' : '' }, s.name), bar, element('span', {}, sum ? fmtNs(sum) : '-'));
	}
	section.querySelector('.legend').replaceChildren();
	for (const st of data.stages)
		legend({ legend: section.querySelector('.legend') }, css('--c-' + st), st);
}
