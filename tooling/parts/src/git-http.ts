import { execFileSync, spawn } from "node:child_process";
import type { RequestListener, ServerResponse } from "node:http";
import { dirname } from "node:path";
import process from "node:process";

/** Answers as a forge does: by git's own http-backend, run as CGI. */
export function serveGit(repository: string): RequestListener {
  const execPath = execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim();
  return (request, response) => {
    const { pathname, search } = new URL(request.url ?? "", "http://localhost");
    const backend = spawn(`${execPath}/git-http-backend`, [], {
      env: {
        PATH: process.env["PATH"],
        HOME: "/nonexistent",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_PROJECT_ROOT: dirname(repository),
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      },
      stdio: ["pipe", "pipe", "ignore"],
    });
    request.pipe(backend.stdin);
    void answer(backend.stdout, response);
  };
}

/** Lets in who sends the password, whatever the name beside it, and asks everybody else for one. */
export function requirePassword(password: string, listener: RequestListener): RequestListener {
  return (request, response) => {
    const basic = (request.headers.authorization ?? "").replace("Basic ", "");
    if (Buffer.from(basic, "base64").toString().endsWith(`:${password}`)) {
      listener(request, response);
    } else {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end("who are you?");
    }
  };
}

async function answer(output: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of output) {
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const end = bytes.indexOf("\r\n\r\n");
  for (const line of bytes.toString("latin1", 0, end).split("\r\n")) {
    const [name = "", value = ""] = line.split(": ");
    if (name === "Status") {
      response.statusCode = Number.parseInt(value, 10);
    } else {
      response.setHeader(name, value);
    }
  }
  response.end(bytes.subarray(end + 4));
}
