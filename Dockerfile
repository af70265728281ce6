# The proxy in front of a server, from the package: `npm pack`, then `docker build --tag lastchunk .`
FROM node:22-slim
COPY lastchunk-*.tgz /tmp/
RUN npm install --global --omit=dev /tmp/lastchunk-*.tgz && rm /tmp/lastchunk-*.tgz \
  && mkdir /ledger && chown node:node /ledger
USER node
VOLUME /ledger
EXPOSE 8787 9090
# The process gets SIGTERM itself, so that what is under way is passed on to its end.
ENTRYPOINT ["lastchunk"]
CMD ["proxy", "--help"]
