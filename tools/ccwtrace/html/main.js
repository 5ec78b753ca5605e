// Puts the page together.
function cards() {
	const total = series.hist.total, seconds = data.columns * width;
	let failed = 0;
	for (const kind in series.failed)
		failed += series.failed[kind].reduce((a, b) => a + b, 0);
	const all = [
		[fmtCount(series.ios_all), 'I/Os'], [fmtRate(series.ios_all / seconds), 'I/Os a second'],
		[fmtCount(failed), 'failed', failed], [fmtNs(total.count_all ? total.p50 : null), 'P50'],
		[fmtNs(total.count_all ? total.p99 : null), 'P99'], [fmtNs(total.count_all ? total.max : null), 'slowest'],
	];
	document.getElementById('cards').replaceChildren(...all.map(([value, what, bad]) =>
		element('div', { class: bad ? 'card bad' : 'card' }, element('b', {}, value), element('span', {}, what))));
}

function slowest() {
	const section = document.getElementById('slowest'), ios = chosen(slow).slice(0, 50);
	const columns = ['Subchannel', 'Request', 'At', 'Command', 'Total', ...data.stages, 'CCWs', 'Bytes', 'Result'];
	section.hidden = !ios.length;
	section.querySelectorAll('.scroll').forEach(e => e.remove());
	section.append(element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Slowest I/Os' }, element('table', {},
		element('thead', {}, element('tr', {}, ...columns.map(c => element('th', { scope: 'col' }, c)))),
		element('tbody', {}, ...ios.map(o => element('tr', {}, element('th', { scope: 'row' }, o.subchannel), element('td', {}, String(o.seq)),
			element('td', {}, fmtTime(o.t / 1e9, width)), element('td', { class: 't' }, o.cmd), element('td', {}, fmtNs(o.total)),
			...data.stages.map(s => element('td', {}, fmtNs(o[s]))), element('td', {}, String(o.ccws)), element('td', {}, fmtBytes(o.bytes)),
			element('td', { class: 't' }, o.error || o.result)))))));
}

// A click on a column's title sorts by it; again, the other way round.
function sortable(table) {
	table.querySelectorAll('thead th').forEach((th, column) => {
		const button = element('button', { type: 'button' }, ...th.childNodes);
		th.replaceChildren(button);
		button.addEventListener('click', () => {
			const down = th.getAttribute('aria-sort') !== 'descending', body = table.tBodies[0];
			const value = row => {
				const cell = row.cells[column];
				return cell.dataset.v == null ? cell.textContent : Number(cell.dataset.v);
			};
			table.querySelectorAll('th[aria-sort]').forEach(e => e.removeAttribute('aria-sort'));
			th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
			const rows = [...body.rows].sort((a, b) => {
				const x = value(a), y = value(b);
				return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
			});
			body.append(...rows);
		});
	});
}

function redraw() {
	cards();
	split();
	slowest();
	plots.forEach(draw);
}

function setTheme(theme) {
	const dark = theme === 'dark' || theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches;
	document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

function start() {
	const chooser = document.getElementById('series'), theme = document.getElementById('theme');
	setTheme('auto');
	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { setTheme(theme.value); redraw(); });
	theme.addEventListener('change', () => { setTheme(theme.value); redraw(); });
	data.series.forEach((s, i) => chooser.append(element('option', { value: String(i) }, s.name + ' (' + fmtCount(s.ios_all) + ')')));
	chooser.addEventListener('change', () => { series = data.series[chooser.value]; redraw(); });
	document.getElementById('unzoom').addEventListener('click', () => zoom());
	for (const id of ['controls', 'keys'])
		document.getElementById(id).hidden = false;
	document.querySelectorAll('#numbers table').forEach(sortable);
	if (!data.ios)
		return;
	document.getElementById('plots').hidden = false;
	cards();
	[latency, heat, histogram].forEach(makePlot);
	split();
	[stages, classPlot('ccws', 'ccws', 'Chain sizes: I/Os by the number of CCWs', 'CCWs'),
		classPlot('sizes', 'sizes', 'I/Os by the bytes that their CCWs ask for', 'bytes'), rate].forEach(makePlot);
	slowest();
}

start();
