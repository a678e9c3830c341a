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

package dev.halley.boot;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/**
 * Many streams on one HTTP/2 connection, whose flow-control window is the least there is.
 */
class SharedWindowTests {

	private static final int WINDOW = 0xFFFF;

	/** Ten times what came before all stood still. */
	private static final int MUCH = 1 << 18;

	@ParameterizedTest
	@CsvSource({ "TOMCAT_NATIVE, 20", "TOMCAT_NATIVE, 60", "JETTY, 60" })
	void allStreamsGoOn(Server server, int streams) throws Exception {
		HTTP2Client client = new HTTP2Client();
		client.setInitialSessionRecvWindow(WINDOW);
		client.setInitialStreamRecvWindow(WINDOW);
		client.start();
		try (ServletWebServerApplicationContext context = server.start(StreamApplication.class,
				"server.http2.enabled=true")) {
			int port = Server.port(context);
			Session session = client.connect(new InetSocketAddress("localhost", port), new Session.Listener() {
			}).get();
			List<Reader> readers = IntStream.range(0, streams)
				.mapToObj((i) -> read(session, "http://localhost:" + port + ((i % 2 == 0) ? "/bursts" : "/ticks")))
				.toList();
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> readers.stream().allMatch(Reader::isFarEnough));
		}
		finally {
			client.stop();
		}
	}

	private static Reader read(Session session, String uri) {
		HttpFields headers = HttpFields.build().put("Accept", "text/event-stream");
		MetaData.Request request = new MetaData.Request("GET", HttpURI.from(uri), HttpVersion.HTTP_2, headers);
		Reader reader = new Reader(new AtomicLong(), uri.endsWith("/bursts") ? MUCH : MUCH / 50);
		session.newStream(new HeadersFrame(request, null, true), reader);
		return reader;
	}

	/**
	 * Reads all that comes, at once.
	 *
	 * @param read how many bytes came
	 * @param enough how many are to come
	 */
	private record Reader(AtomicLong read, long enough) implements Stream.Listener {

		@Override
		public void onHeaders(Stream stream, HeadersFrame frame) {
			stream.demand();
		}

		@Override
		public void onDataAvailable(Stream stream) {
			Stream.Data data = stream.readData();
			boolean last = false;
			if (data != null) {
				last = data.frame().isEndStream();
				this.read.addAndGet(data.frame().remaining());
				data.release();
			}
			// After the end there would be the end again, at once and for ever
			if (!last) {
				stream.demand();
			}
		}

		boolean isFarEnough() {
			return this.read.get() >= this.enough;
		}

	}

}
