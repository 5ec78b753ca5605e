// A headless Chromium, driven through chromedriver (W3C WebDriver): as much of it as the tests of
// the HTML report need.
'use strict';
const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const LIMIT = 120000; // ms that one command may take: a machine may be busy

class Browser {
	// dark: what the system says it prefers
	static async start({ width, height, dark }) {
		const b = new Browser();
		b.profile = fs.mkdtempSync(path.join(os.tmpdir(), 'ccwtrace-html.'));
		b.driver = spawn('chromedriver', ['--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
		try {
			const port = await new Promise((resolve, reject) => {
				let said = '';
				b.driver.on('error', reject);
				b.driver.on('exit', code => reject(new Error('chromedriver ended, status ' + code)));
				b.driver.stdout.on('data', text => {
					said += text;
					const match = said.match(/started successfully on port (\d+)/);
					if (match)
						resolve(match[1]);
				});
			});
			b.base = 'http://127.0.0.1:' + port + '/session';
			const args = ['--headless=new', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars',
				'--force-device-scale-factor=1', '--window-size=' + width + ',' + height, '--user-data-dir=' + b.profile];
			if (process.getuid() === 0)
				args.push('--no-sandbox');
			if (dark)
				args.push('--blink-settings=preferredColorScheme=0');
			const session = await b.call('POST', '', { capabilities: { alwaysMatch: { browserName: 'chrome',
				'goog:chromeOptions': { args }, 'goog:loggingPrefs': { browser: 'ALL' } } } });
			b.base += '/' + session.sessionId;
		} catch (e) {
			await b.end();
			throw e;
		}
		return b;
	}

	async call(method, what, body) {
		const answer = await fetch(this.base + what, { method, signal: AbortSignal.timeout(LIMIT),
			body: method === 'POST' ? JSON.stringify(body || {}) : undefined });
		const { value } = await answer.json();
		if (!answer.ok)
			throw new Error(what + ': ' + value.error + ': ' + value.message);
		return value;
	}

	open(file) { return this.call('POST', '/url', { url: 'file://' + path.resolve(file) }); }

	// A function of this file's text, run in the page; what it returns comes back as JSON would.
	run(f, ...args) { return this.call('POST', '/execute/sync', { script: 'return (' + f + ')(...arguments)', args }); }

	log() { return this.call('POST', '/se/log', { type: 'browser' }); }

	// Keys as a person presses them, one after the other.
	keys(...keys) {
		return this.call('POST', '/actions', { actions: [{ type: 'key', id: 'keys',
			actions: keys.flatMap(value => [{ type: 'keyDown', value }, { type: 'keyUp', value }]) }] });
	}

	// The mouse to a place, with its button held from there to a further one if there is one.
	mouse(x, y, toX, toY) {
		const move = (a, b) => ({ type: 'pointerMove', duration: 50, x: Math.round(a), y: Math.round(b) });
		const actions = [move(x, y)];
		if (toX != null)
			actions.push({ type: 'pointerDown', button: 0 }, move(toX, toY), { type: 'pointerUp', button: 0 });
		return this.call('POST', '/actions', { actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }] });
	}

	size(width, height) { return this.call('POST', '/window/rect', { width, height }); }

	async screenshot(file) { fs.writeFileSync(file, Buffer.from(await this.call('GET', '/screenshot'), 'base64')); }

	async end() {
		if (this.base && /session\/./.test(this.base))
			await this.call('DELETE', '').catch(() => {});
		if (this.driver.exitCode === null) {
			const gone = new Promise(resolve => this.driver.once('exit', resolve));
			this.driver.kill();
			await gone;
		}
		fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
	}
}

module.exports = { Browser };
