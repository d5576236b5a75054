// One end of a peer that tools/bench/peers measures: node peer.mjs NAME receive|send COUNT BYTES ARGUMENT...
// The receiver prints "ready ADDRESS", then "end MS" when all has come. The sender prints "begin MS".
import { once } from "node:events"
import net from "node:net"

const [name, role, countText, bytesText, ...args] = process.argv.slice(2)
const count = Number(countText)
const bytes = Number(bytesText)
const say = (...words) => process.stdout.write(words.join(" ") + "\n")

// libp2p 3 asks for Node 22 for this one function.
Promise.withResolvers ??= () => {
    let resolve, reject
    const promise = new Promise((a, b) => { resolve = a; reject = b })
    return { promise, resolve, reject }
}

// No two messages are the same.
function message(i) {
    const m = Buffer.alloc(bytes, 7)
    m.writeUInt32BE(i)
    return m
}

function counter() {
    let left = count
    return () => {
        if (--left === 0) {
            say("end", Date.now())
            setTimeout(() => process.exit(0), 200)
        }
    }
}

async function gossipsub() {
    const { createLibp2p } = await import("libp2p")
    const { tcp } = await import("@libp2p/tcp")
    const { noise } = await import("@chainsafe/libp2p-noise")
    const { yamux } = await import("@chainsafe/libp2p-yamux")
    const { identify } = await import("@libp2p/identify")
    const { gossipsub } = await import("@libp2p/gossipsub")
    const { multiaddr } = await import("@multiformats/multiaddr")
    const me = await createLibp2p({
        addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] }, transports: [tcp()],
        connectionEncrypters: [noise()], streamMuxers: [yamux()],
        services: { identify: identify(), pubsub: gossipsub() },
    })
    const pubsub = me.services.pubsub
    const came = counter()
    if (role === "receive")
        pubsub.addEventListener("message", came)
    pubsub.subscribe("t")
    if (role === "receive") {
        say("ready", me.getMultiaddrs()[0].toString())
        return
    }
    await me.dial(multiaddr(args[0]))
    while (pubsub.getMeshPeers("t").length === 0)
        await new Promise(r => setTimeout(r, 50))
    say("begin", Date.now())
    // Its queues drop what is beyond them, so that some are under way at a time.
    for (let i = 0; i < count; i += 50) {
        await Promise.all(Array.from({ length: Math.min(50, count - i) }, (_, k) => pubsub.publish("t", message(i + k))))
        await new Promise(r => setImmediate(r))
    }
}

async function hypercore() {
    const { default: Hypercore } = await import("hypercore")
    if (role === "send") {
        const core = new Hypercore(args[0])
        await core.ready()
        const server = net.createServer(s => {
            const stream = core.replicate(false)
            s.pipe(stream).pipe(s)
            s.on("error", () => {})
            stream.on("error", () => {})
        })
        server.listen(0, "127.0.0.1")
        await once(server, "listening")
        say("ready", `${server.address().port}/${core.key.toString("hex")}`)
        await once(process.stdin, "data")
        say("begin", Date.now())
        for (let i = 0; i < count; i++)
            await core.append(message(i))
        return
    }
    const [port, key] = args[1].split("/")
    const core = new Hypercore(args[0], Buffer.from(key, "hex"))
    const came = counter()
    await core.ready()
    core.on("download", came)
    core.download({ start: 0, end: -1 })
    const socket = net.connect(Number(port), "127.0.0.1")
    const stream = core.replicate(true)
    socket.pipe(stream).pipe(socket)
    await once(socket, "connect")
    say("ready", "-")
}

async function mosquitto() {
    const { default: mqtt } = await import("mqtt")
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${args[0]}`, { clean: true, clientId: role })
    if (role === "receive") {
        client.on("message", counter())
        await client.subscribeAsync("t/#", { qos: 1 })
        say("ready", "-")
        return
    }
    let open = 0, sent = 0, acknowledged = 0
    say("begin", Date.now())
    const more = () => {
        for (; open < 500 && sent < count; open++, sent++)
            client.publish("t/x", message(sent), { qos: 1 }, () => {
                open--
                if (++acknowledged === count)
                    client.end(false, () => process.exit(0))
                else if (open < 250)
                    more()
            })
    }
    more()
}

// The second server holds a mirror of the first one's stream.
async function nats() {
    const { connect } = await import("nats")
    const nc = await connect({ servers: `127.0.0.1:${args[0]}` })
    const jsm = await nc.jetstreamManager()
    if (role === "receive") {
        for (let tries = 0; ; tries++) {
            try {
                await jsm.streams.add({ name: "M", storage: "file", mirror: { name: "S", domain: "a" } })
                break
            } catch (e) {
                if (tries === 50)
                    throw e
                await new Promise(r => setTimeout(r, 100))
            }
        }
        say("ready", "-")
        for (let had = 0; had < count;) {
            await new Promise(r => setTimeout(r, 10))
            had = (await jsm.streams.info("M")).state.messages
        }
        say("end", Date.now())
        process.exit(0)
    }
    await jsm.streams.add({ name: "S", storage: "file", subjects: ["t"] })
    say("ready", "-")
    await once(process.stdin, "data")
    const js = nc.jetstream()
    say("begin", Date.now())
    for (let i = 0; i < count; i += 500)
        await Promise.all(Array.from({ length: Math.min(500, count - i) }, (_, k) => js.publish("t", message(i + k))))
    process.exit(0)
}

await ({ gossipsub, hypercore, mosquitto, nats })[name]()
