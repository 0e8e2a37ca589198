// Serves what the argument says, JSON: {"service", "seed"}. Prints its URL; ends with its input.
import net from "node:net";
import { createEmulator } from "emulate";

// emulate would listen on every address this machine has.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port, "127.0.0.1", rest.at(-1));
};

const probe = net.createServer();
await new Promise((done) => probe.listen(0, done));
const { port } = probe.address();
await new Promise((done) => probe.close(done));

const { service, seed } = JSON.parse(process.argv[2]);
const emulator = await createEmulator({ service, seed, port, baseUrl: `http://127.0.0.1:${port}` });
process.stdout.write(`${emulator.url}\n`);
process.stdin.on("end", () => process.exit(0)).resume();
