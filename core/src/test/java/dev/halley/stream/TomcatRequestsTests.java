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

package dev.halley.stream;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TomcatRequests}, whose ways into Tomcat another version may close
 * without a word.
 */
class TomcatRequestsTests {

	@ParameterizedTest
	@EnumSource(Version.class)
	void whatTomcatHoldsWhileItIsAtWorkIsFound(Version version, @TempDir Path base) throws Exception {
		Tomcat tomcat = new Tomcat();
		tomcat.setBaseDir(base.toString());
		tomcat.setPort(0);
		tomcat.getConnector().addUpgradeProtocol(new Http2Protocol());
		Context context = tomcat.addContext("", null);
		Tomcat.addServlet(context, "locks", new LockServlet());
		context.addServletMappingDecoded("/", "locks");
		try {
			tomcat.start();
			assertThat(get(tomcat.getConnector().getLocalPort(), version))
				.isEqualTo((version == Version.HTTP_2) ? "HTTP/2.0, held" : "HTTP/1.1, held");
		}
		finally {
			tomcat.stop();
			tomcat.destroy();
		}
		assertThat(TomcatRequests.lockOf(new MockHttpServletRequest())).isNull();
	}

	private static String get(int port, Version version) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"))
			.version(version)
			.timeout(Duration.ofSeconds(30))
			.build();
		return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
	}

	/**
	 * Tells whether the thread that calls it holds the lock.
	 */
	private static final class LockServlet extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			ReentrantLock lock = TomcatRequests.lockOf(new HttpServletRequestWrapper(request));
			boolean held = lock != null && lock.isHeldByCurrentThread();
			response.getWriter().write(request.getProtocol() + (held ? ", held" : ", " + lock));
		}

	}

}
