// Numbers as people read them. Every text that came from the recording goes into the page as text,
// never as markup.
const SUB = 16;

// Bounds of a bucket of the log-linear histogram, as trace/hist.c has them.
function bucketLow(b) {
	const row = Math.floor(b / SUB), sub = b % SUB;
	return row ? (sub + SUB) * 2 ** (row - 1) : sub;
}

function digits3(v) {
	return v >= 99.95 ? v.toFixed(0) : v >= 9.995 ? v.toFixed(1) : v.toFixed(2);
}

function fmtNs(ns) {
	if (ns == null)
		return '-';
	if (ns < 1000)
		return Math.round(ns) + ' ns';
	if (ns < 999500)
		return digits3(ns / 1e3) + ' µs';
	if (ns < 999.5e6)
		return digits3(ns / 1e6) + ' ms';
	return digits3(ns / 1e9) + ' s';
}

// For axes: no more digits than the number has.
function fmtTick(ns) {
	const units = [[1e9, ' s'], [1e6, ' ms'], [1e3, ' µs'], [1, ' ns']];
	for (const [size, name] of units) {
		if (ns >= size)
			return Number((ns / size).toPrecision(4)) + name;
	}
	return ns === 0 ? '0' : ns + ' ns';
}

function fmtCount(n) {
	return Math.round(n).toLocaleString('en').replace(/,/g, '\u202f');
}

function fmtRate(n) {
	if (n >= 1e6)
		return digits3(n / 1e6) + ' M';
	if (n >= 1e4)
		return digits3(n / 1e3) + ' k';
	return n >= 100 || Number.isInteger(n) ? fmtCount(n) : digits3(n);
}

function fmtBytes(n) {
	const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
	let i = 0;
	while (n >= 1024 && i < units.length - 1) {
		n /= 1024;
		i++;
	}
	return (i ? digits3(n) : n) + ' ' + units[i];
}

// Seconds since the first I/O, as precise as a column is wide.
function fmtTime(s, width) {
	const n = Math.min(9, Math.max(0, Math.ceil(-Math.log10(width)) + 1));
	return s.toFixed(n) + ' s';
}

function element(name, attributes, ...children) {
	const e = document.createElement(name);
	for (const key in attributes)
		e.setAttribute(key, attributes[key]);
	e.append(...children);
	return e;
}

function css(name) {
	return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
