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

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.util.ClassUtils;

import dev.halley.connection.ConnectionRegistry;

/**
 * Says at the start when more connections may come than the process can have open: each
 * is a file descriptor, and without one neither a request nor a file can be opened.
 */
final class DescriptorCheck implements ApplicationListener<WebServerInitializedEvent> {

	private static final Log logger = LogFactory.getLog(DescriptorCheck.class);

	private static final boolean PRESENT = ClassUtils.isPresent("com.sun.management.UnixOperatingSystemMXBean",
			DescriptorCheck.class.getClassLoader());

	private final ConnectionRegistry registry;

	private final ApplicationContext context;

	DescriptorCheck(ConnectionRegistry registry, ApplicationContext context) {
		this.registry = registry;
		this.context = context;
	}

	/** That of the management's server, which may be another one, comes here too. */
	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		if (PRESENT && event.getApplicationContext() == this.context) {
			Descriptors.check(this.registry.limits().total());
		}
	}

	private static final class Descriptors {

		static void check(int connections) {
			if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
				long most = system.getMaxFileDescriptorCount();
				long open = system.getOpenFileDescriptorCount();
				if (most > 0 && connections > most - open) {
					logger.warn("halley.limits.connections: " + connections + " (expected: <= "
							+ Math.max(0, most - open) + "), since the process may have " + most
							+ " file descriptors and " + open
							+ " are open. Beyond it nothing can connect, plain requests included: raise the limit of"
							+ " open files, or lower halley.limits.connections");
				}
			}
		}

	}

}
