// What all plots have in common: size, colours, cursor, tooltip, keys, zoom over time, a table.
const plots = [];
const tip = document.getElementById('tip');
let span = null; // the stretch of time that is shown, in seconds

function showTip(text, x, y) {
	if (!text) {
		tip.hidden = true;
		return;
	}
	if (tip.textContent !== text)
		tip.textContent = text;
	tip.hidden = false;
	const w = tip.offsetWidth, h = tip.offsetHeight;
	tip.style.left = Math.max(4, x + 16 + w > innerWidth ? x - w - 16 : x + 16) + 'px';
	tip.style.top = Math.max(4, Math.min(y + 16, innerHeight - h - 8)) + 'px';
}

function axis(values, label) {
	return {
		stroke: css('--soft'), font: '12px system-ui, sans-serif', labelFont: '12px system-ui, sans-serif',
		grid: { stroke: css('--grid'), width: 1 }, ticks: { stroke: css('--line'), width: 1, size: 5 },
		label, labelSize: 18, labelGap: 2, values,
	};
}

// Lines at every digit of a decade; numbers at as many of them as there is room for.
function logAxis(label, values) {
	const a = axis((u, ticks) => {
		const decades = Math.log10(ticks[ticks.length - 1] / ticks[0]);
		const leads = decades < 1 ? [1, 2, 3, 4, 5, 6, 8] : decades < 2.5 ? [1, 2, 5] : [1];
		return ticks.map(v => leads.includes(Math.round(v / 10 ** Math.floor(Math.log10(v) + 1e-9))) ? values(v) : '');
	}, label);
	a.filter = (u, ticks) => ticks;
	a.splits = (u, index, min, max) => {
		const ticks = [];
		for (let size = 10 ** Math.floor(Math.log10(min) + 1e-9); size <= max; size *= 10) {
			for (let lead = 1; lead < 10; lead++) {
				if (lead * size >= min && lead * size <= max)
					ticks.push(lead * size);
			}
		}
		return ticks.length ? ticks : [min, max];
	};
	return a;
}

// Keys: the cursor moves by points; zoom is that of all plots over time.
function onKey(p, event) {
	const u = p.u, x = u.data[0], n = x.length;
	const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -n, End: n };
	if (event.key in steps) {
		const from = u.cursor.idx == null ? (steps[event.key] > 0 ? -1 : n) : u.cursor.idx;
		let to = Math.min(n - 1, Math.max(0, from + steps[event.key]));
		const { min, max } = u.scales.x;
		while (to < n - 1 && x[to] < min)
			to++;
		while (to > 0 && x[to] > max)
			to--;
		u.setCursor({ left: u.valToPos(x[to], 'x'), top: u.over.clientHeight / 3 });
	} else if (p.time && (event.key === '+' || event.key === '=' || event.key === '-')) {
		const { min, max } = u.scales.x, half = (max - min) / (event.key === '-' ? 1 : 4);
		const middle = u.cursor.idx == null ? (min + max) / 2 : x[u.cursor.idx];
		zoom(middle - half, middle + half);
	} else if (event.key === 'Escape') {
		u.setCursor({ left: -10, top: -10 });
		if (p.time)
			zoom();
	} else {
		return;
	}
	event.preventDefault();
}

// p: { id, label, height, time, options(), data(), tip(idx, left, top), table() }
function makePlot(p) {
	const section = document.getElementById('plot-' + p.id);
	p.box = element('div', { class: 'plot', tabindex: '0', role: 'img', 'aria-label': p.label });
	p.legend = element('ul', { class: 'legend' });
	section.append(p.box, p.legend);
	if (p.table) {
		const details = element('details', {}, element('summary', {}, 'As a table'));
		details.addEventListener('toggle', () => fillTable(p, details));
		section.append(details);
		p.details = details;
	}
	p.box.addEventListener('keydown', event => onKey(p, event));
	p.box.addEventListener('blur', () => showTip(''));
	new ResizeObserver(() => {
		if (p.u && p.box.clientWidth && p.u.width !== p.box.clientWidth)
			p.u.setSize({ width: p.box.clientWidth, height: p.height });
	}).observe(p.box);
	plots.push(p);
	draw(p);
}

function fillTable(p, details) {
	const old = details.querySelector('.scroll');
	if (old)
		old.remove();
	if (!details.open)
		return;
	const [columns, rows] = p.table();
	const body = element('tbody', {}, ...rows.map(r => element('tr', {},
		...r.map((v, i) => element(i ? 'td' : 'th', {}, String(v))))));
	details.append(element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': p.label },
		element('table', {}, element('thead', {}, element('tr', {},
			...columns.map(c => element('th', { scope: 'col' }, c)))), body)));
}

function onCursor(p, u) {
	const { idx, left, top } = u.cursor;
	if (document.activeElement !== p.box && !p.box.matches(':hover'))
		return;
	const text = idx == null || left < 0 ? '' : p.tip(idx, left, top);
	const at = u.over.getBoundingClientRect();
	showTip(text, at.left + left, at.top + top);
}

function draw(p) {
	const options = p.options();
	if (p.u)
		p.u.destroy();
	p.legend.replaceChildren();
	options.width = p.box.clientWidth;
	options.height = p.height;
	options.legend = { show: false };
	options.cursor = Object.assign({ y: false, points: { show: false },
		drag: { x: p.time, y: false, setScale: false } }, options.cursor);
	if (p.time)
		options.cursor.sync = { key: 'time', filters: { pub: type => /move|leave/.test(type) } };
	options.hooks = Object.assign({ setCursor: [u => onCursor(p, u)] }, options.hooks);
	if (p.time) {
		options.hooks.setSelect = [u => {
			if (u.select.width > 4)
				zoom(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'));
			u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
		}];
	}
	p.u = new uPlot(options, p.data(), p.box);
	p.u.over.addEventListener('mouseleave', () => showTip(''));
	if (p.time) {
		p.u.over.addEventListener('dblclick', () => zoom());
		if (span)
			p.u.setScale('x', { min: span[0], max: span[1] });
	}
	if (p.details && p.details.open)
		fillTable(p, p.details);
}

function zoom(from, to) {
	const end = data.columns * data.width_ns / 1e9, least = data.width_ns / 1e9 * 4;
	from = from == null ? 0 : Math.max(0, from);
	to = to == null ? end : Math.min(end, to);
	if (to - from < least) {
		from = Math.max(0, Math.min(from, end - least));
		to = Math.min(end, from + least);
	}
	span = from > 0 || to < end ? [from, to] : null;
	document.getElementById('unzoom').disabled = !span;
	for (const p of plots) {
		if (p.time)
			p.u.setScale('x', { min: from, max: to });
	}
}

// An entry of the legend; with a switch if onToggle is given.
function legend(p, colour, text, on, onToggle) {
	const mark = element('i', {});
	mark.style.background = colour;
	const label = element('label', {});
	if (onToggle) {
		const box = element('input', { type: 'checkbox' });
		box.checked = on;
		box.addEventListener('change', () => onToggle(box.checked));
		label.append(box);
	}
	label.append(mark, text);
	p.legend.append(element('li', {}, label));
	return mark;
}
