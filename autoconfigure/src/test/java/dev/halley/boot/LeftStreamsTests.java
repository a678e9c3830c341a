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

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import org.apache.coyote.http2.Http2Protocol;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import dev.halley.connection.ConnectionRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams whose clients leave, as each reload of a page does, are nobody's failure: they
 * leave nothing in the log.
 */
class LeftStreamsTests {

	private static final int CLIENTS = 30;

	private static final int RELOADS = 10;

	@TempDir
	private static Path directory;

	private static TestKeys keys;

	@BeforeAll
	static void createKeys() throws Exception {
		keys = TestKeys.create(directory);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_NATIVE, HTTP_2, /ticks", "TOMCAT_NATIVE, HTTP_2, /flood", "TOMCAT_NATIVE, HTTP_2, /silent",
			"TOMCAT_NATIVE, HTTP_1_1, /ticks", "TOMCAT_NATIVE, HTTP_1_1, /flood", "TOMCAT_LOOPS, HTTP_1_1, /ticks",
			"TOMCAT_LOOPS, HTTP_1_1, /flood", "TOMCAT_LOOPS, HTTP_1_1, /silent", "JETTY, HTTP_2, /ticks",
			"JETTY, HTTP_2, /flood", "JETTY, HTTP_2, /silent", "JETTY, HTTP_1_1, /ticks", "JETTY, HTTP_1_1, /flood" })
	void reloadsLeaveNothingInTheLog(Server server, Version version, String path) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(CLIENTS);
		boolean encrypted = server != Server.TOMCAT_LOOPS;
		String[] properties = { "server.http2.enabled=" + encrypted, "server.shutdown=graceful",
				"halley.sse.heartbeat=1s", "halley.comet.heartbeat=1s" };
		ServletWebServerApplicationContext context = server.start(Patient.class,
				encrypted ? keys.properties(properties) : properties);
		try (Warnings warnings = Warnings.record()) {
			try (context) {
				URI uri = URI.create((encrypted ? "https" : "http") + "://localhost:" + Server.port(context) + path);
				SSLContext trusting = keys.trusting();
				CompletableFuture
					.allOf(IntStream.range(0, CLIENTS)
						.mapToObj((i) -> CompletableFuture.runAsync(() -> reload(uri, version, trusting), executor))
						.toArray(CompletableFuture[]::new))
					.get(90, TimeUnit.SECONDS);
				ConnectionRegistry registry = context.getBean(ConnectionRegistry.class);
				Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> registry.size() == 0);
			}
			assertThat(warnings.lines()).isEmpty();
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static void reload(URI uri, Version version, SSLContext trusting) {
		HttpClient client = HttpClient.newBuilder().version(version).sslContext(trusting).build();
		for (String accept : List.of("text/event-stream", "text/html")) {
			for (int i = 0; i < RELOADS / 2; i++) {
				HttpRequest request = HttpRequest.newBuilder(uri).header("Accept", accept).build();
				try {
					HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
					try (InputStream body = response.body()) {
						assertThat(response.version()).isEqualTo(version);
						assertThat(body.read()).isPositive();
					}
				}
				catch (Exception ex) {
					throw new AssertionError(accept + ", reload " + i, ex);
				}
			}
		}
	}

	/** Tomcat ends a connection whose streams are reset too often. */
	@Configuration(proxyBeanMethods = false)
	@Import(StreamApplication.class)
	static class Patient {

		@Bean
		WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> patience() {
			return (factory) -> factory
				.addConnectorCustomizers((connector) -> Stream.of(connector.findUpgradeProtocols())
					.filter(Http2Protocol.class::isInstance)
					.forEach((protocol) -> ((Http2Protocol) protocol).setOverheadResetFactor(0)));
		}

	}

}
