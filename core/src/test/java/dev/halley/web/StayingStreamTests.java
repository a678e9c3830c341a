/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

import dev.halley.Channel;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams that stay on Tomcat's connections, and what makes them stay or does not.
 */
class StayingStreamTests extends LeavingStreams {

	private void assertStays(TestServer server, RawStream stream) throws Exception {
		Channel<String> channel = channel();
		channel.push("a");
		assertThat(stream.until("a")).contains("data: a");
		assertThat(onLoops(server)).isZero();
		assertThat(stream.headers().getConnection()).doesNotContain("close");
		channel.end();
		assertThat(stream.chunks()).isEmpty();
		try (RawStream next = stream.again("/brief", "text/html")) {
			assertThat(next.status()).isEqualTo(200);
		}
	}

	@Test
	void anAnswerToPostKeepsItsConnection() throws Exception {
		try (RawStream stream = RawStream.post(this.server.port(), "/channel", "text/plain", "x", EVENTS)) {
			assertStays(this.server, stream);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 0", "Connection: keep-alive", "Cookie: a=b" })
	void otherHeadersMakeNoDifference(String header) throws Exception {
		try (RawStream stream = RawStream.get(this.server.port(), "/channel", EVENTS, header)) {
			channel();
			assertThat(stream.status()).isEqualTo(200);
			Awaitility.await().atMost(LONG).until(() -> onLoops(this.server) == 1);
		}
	}

	@Test
	void aRequestWithABodyStays() throws Exception {
		try (Socket socket = RawStream.send(this.server.port(), "GET /channel HTTP/1.1", 0, EVENTS,
				"Content-Length: 100000")) {
			channel().push("a");
			InputStream input = socket.getInputStream();
			assertThat(new String(input.readNBytes(15), StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 200 \r\n");
			assertThat(onLoops(this.server)).isZero();
		}
	}

	@Test
	void aHeadAloneStays() throws Exception {
		try (RawStream stream = RawStream.request(this.server.port(), "HEAD /channel HTTP/1.1", EVENTS)) {
			assertThat(stream.status()).isEqualTo(200);
			assertThat(stream.headers().getConnection()).isEmpty();
			try (RawStream next = stream.again("/brief", "text/html")) {
				assertThat(next.status()).isEqualTo(200);
			}
		}
		assertThat(CHANNELS).isEmpty();
	}

	@Test
	void anOldClientIsServedByTomcat() throws Exception {
		try (RawStream stream = RawStream.request(this.server.port(), "GET /channel HTTP/1.0", EVENTS)) {
			Channel<String> channel = channel();
			channel.push("a");
			channel.end();
			assertThat(stream.rest()).isEqualTo("data: a\n\n");
			assertThat(stream.headers().containsHeader(HttpHeaders.TRANSFER_ENCODING)).isFalse();
		}
	}

	/** Tomcat may compress the transfer though the content says that it is encoded. */
	@ParameterizedTest
	@CsvSource({ "on, TE: gzip, 0", "force, TE: gzip, 0", "on, Accept-Encoding: gzip, 1", "off, TE: gzip, 1" })
	void whatTomcatMayCompressStays(String compression, String header, int leaving) throws Exception {
		this.server.connector().setProperty("compression", compression);
		this.server.connector().setProperty("compressibleMimeType", "text/html,text/event-stream");
		try (RawStream stream = RawStream.get(this.server.port(), "/channel", EVENTS, header)) {
			channel();
			assertThat(stream.status()).isEqualTo(200);
			Awaitility.await().atMost(LONG).until(() -> this.server.registry().size() == 1);
			assertThat(onLoops(this.server)).isEqualTo(leaving);
		}
	}

	@Test
	void whatAFilterWritesStays() throws Exception {
		try (TestServer filtered = start(new Rewriting());
				RawStream stream = RawStream.get(filtered.port(), "/channel", EVENTS)) {
			Channel<String> channel = channel();
			channel.push("secret");
			assertThat(stream.until("data")).contains("data: ******");
			assertThat(onLoops(filtered)).isZero();
		}
	}

	@Test
	void filtersThatPassOnWhatIsWrittenMakeNoDifference() throws Exception {
		for (Filter filter : List.of(new ShallowEtagHeaderFilter(), new RequestContextFilter(), new Wrapping())) {
			try (TestServer filtered = start(filter);
					RawStream stream = RawStream.get(filtered.port(), "/channel", EVENTS)) {
				channel().push("a");
				assertThat(stream.until("a")).isEqualTo("data: a\n\n");
				assertThat(stream.headers().getETag()).isNull();
				Awaitility.await().atMost(LONG).until(() -> onLoops(filtered) == 1);
			}
		}
	}

	/** Headers that come when the chain returns are sent, as on Tomcat's connections. */
	@Test
	void filtersMaySetHeadersAfterTheChain() throws Exception {
		Filter late = (request, response, chain) -> {
			chain.doFilter(request, response);
			((HttpServletResponse) response).setHeader("X-Late", "yes");
		};
		try (TestServer filtered = start(late); RawStream stream = RawStream.get(filtered.port(), "/channel", EVENTS)) {
			channel();
			assertThat(stream.headers().getFirst("X-Late")).isEqualTo("yes");
			Awaitility.await().atMost(LONG).until(() -> onLoops(filtered) == 1);
		}
	}

	/** A wrapper of which nothing is overridden. */
	private static final class Wrapping extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			chain.doFilter(request, new HttpServletResponseWrapper(response));
		}

	}

	/** Changes the body. */
	private static final class Rewriting extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			ServletOutputStream output = new Stars(response.getOutputStream());
			chain.doFilter(request, new HttpServletResponseWrapper(response) {

				@Override
				public ServletOutputStream getOutputStream() {
					return output;
				}

			});
		}

	}

	/** Writes asterisks in place of secrets. */
	private static final class Stars extends ServletOutputStream {

		private final ServletOutputStream output;

		Stars(ServletOutputStream output) {
			this.output = output;
		}

		@Override
		public boolean isReady() {
			return this.output.isReady();
		}

		@Override
		public void setWriteListener(WriteListener listener) {
			this.output.setWriteListener(listener);
		}

		@Override
		public void flush() throws IOException {
			this.output.flush();
		}

		@Override
		public void write(int value) throws IOException {
			this.output.write(value);
		}

		@Override
		public void write(byte[] bytes, int from, int length) throws IOException {
			String text = new String(bytes, from, length, StandardCharsets.UTF_8);
			this.output.write(text.replace("secret", "******").getBytes(StandardCharsets.UTF_8));
		}

	}

}
